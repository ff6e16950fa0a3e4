"""When the same route is asked again, and after which wait, against services over real TCP."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers import client
from providers.attempts import Attempts, Policy, RoutesFailed
from providers.backoff import Backoff
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.health import Health
from providers.ordering import Order
from tests import upstream as wire
from tests.providers.passing_time import PassingTime
from tests.providers.two_services import FIXED, LIMITED, LIMITS, NOWHERE, Site, limited
from tests.upstream import HANG, RESET, Step, Upstream


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Upstream() as a, Upstream() as b:
        yield Site(a, b)
        await client.close()


def in_seven_seconds() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=7), usegmt=True)


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        (lambda: limited("retry-after: 7\r\n"), 7),
        (lambda: limited("retry-after: 0.25\r\n"), 0.25),
        (lambda: limited(f"retry-after: {in_seven_seconds()}\r\n"), 6.5),
        (lambda: limited("retry-after-ms: 1500\r\nretry-after: 9\r\n"), 1.5),
        (lambda: limited(details=[{"@type": "RetryInfo", "retryDelay": "3.5s"}]), 3.5),
        (lambda: limited("retry-after: soon\r\n"), 0),
        (limited, 0),
    ],
    ids=["seconds", "fraction", "date", "milliseconds", "google", "nonsense", "none"],
)
async def test_a_service_is_asked_again_when_it_says(
    site: Site, refusal: Callable[[], bytes], seconds: float
) -> None:
    site.a.script(refusal())
    assert await site.ask(site.route(site.a)) == "Hello world"
    # Its own time, up to a second less where a date was cut, and the random part on top.
    assert site.time.waits == [pytest.approx(seconds + 0.25, abs=0.8 if seconds == 6.5 else 1e-6)]
    assert site.rerouted == [("a", ErrorKind.RATE_LIMIT, "a")]


@pytest.mark.parametrize("told", ["31", "3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
async def test_what_takes_too_long_is_told_at_once(site: Site, told: str) -> None:
    site.a.script(limited(f"retry-after: {told}\r\n"))
    failed = await site.fail(site.route(site.a))
    assert (site.time.waits, site.asked) == ([], (1, 0))
    assert failed.retry_after_s is not None
    assert failed.retry_after_s > 30


async def test_a_route_that_wants_time_is_left_alone_while_another_is_tried(site: Site) -> None:
    site.a.script(limited("retry-after: 20\r\n"))
    for _ in range(2):
        site.b.script(wire.error(500, "broken"))
    assert await site.ask() == "Hello world"
    assert (site.asked, site.time.waits) == ((1, 3), [0.25, 0.5])


@pytest.mark.parametrize(
    ("refusal", "requests"),
    [
        (wire.error(500, "broken"), 2),
        (wire.error(503, "No available channel for model m"), 2),
        (RESET, 2),
        (wire.response(200, "text/html", b"<!doctype html>"), 1),
        (wire.error(404, "model not found", "model_not_found"), 1),
        (wire.error(402, "Insufficient Balance"), 1),
    ],
    ids=["broken", "no_channel", "reset", "page", "no_model", "billing"],
)
async def test_the_only_route_is_asked_again_if_that_may_help(
    site: Site, refusal: Step, requests: int
) -> None:
    site.a.script(refusal)
    with suppress(RoutesFailed):
        await site.ask(site.route(site.a))
    assert site.asked == (requests, 0)


async def test_a_wait_is_no_part_of_the_speed(site: Site) -> None:
    site.a.script(limited("retry-after: 20\r\n"))
    await site.ask(site.route(site.a))
    assert site.health.condition(site.route(site.a)).latency_s == 0


async def test_a_route_is_not_asked_again_while_one_was_not_asked_at_all(site: Site) -> None:
    with site.health.take([site.route(site.b)]) as trial:
        trial.failed(UpstreamError(ErrorKind.AUTH))
    site.a.script(wire.error(500, "broken"))
    await site.ask(policy=Policy(backoff=Backoff(random=lambda: 0.0)))
    assert site.asked == (1, 1)


async def test_rounds_are_bounded(site: Site) -> None:
    for _ in range(9):
        site.a.script(LIMITED)
        site.b.script(wire.error(500, "broken"))
    failed = await site.fail()
    assert site.asked == (3, 3)
    assert len(failed.tried) == 6


async def test_patience_is_bounded(site: Site) -> None:
    for _ in range(9):
        site.a.script(limited("retry-after: 20\r\n"))
    await site.fail(site.route(site.a), policy=Policy(Order.FIXED, rounds=9))
    assert site.asked == (2, 0)
    assert sum(site.time.waits) <= 30


def limits_of(*routes: Endpoint, policy: Policy = FIXED, measures: bool = True) -> list[TimeLimits]:
    """With which limits each is asked in turn, if all of them are silent."""
    attempts = Attempts(routes, policy, Health(PassingTime()), measures=measures)
    asked: list[TimeLimits] = []
    while taken := attempts.take():
        with taken[0] as trial:
            asked.append(attempts.endpoint(trial).limits)
            attempts.failed(trial, UpstreamError(ErrorKind.TIMEOUT))
    return asked


def at(*hosts: str, key: str = "") -> list[Endpoint]:
    return [Endpoint(f"https://{host}.example/v1", key) for host in hosts]


ONCE = Policy(Order.FIXED, rounds=1)


def test_the_only_host_has_all_the_time_that_a_cold_model_needs() -> None:
    [asked] = limits_of(*at("a"), *at("a", key="another"), policy=ONCE)
    assert asked == TimeLimits()


def test_routes_are_hurried_while_others_are_left() -> None:
    asked = [each.connect + each.first_byte for each in limits_of(*at("a", "b"), policy=ONCE)]
    assert asked == [60, 310]
    many = [each.connect + each.first_byte for each in limits_of(*at(*"abcdefghij"), policy=ONCE)]
    assert many == [*[31] * 9, 310]


def test_what_comes_whole_is_not_hurried() -> None:
    asked = limits_of(*at("a", "b"), policy=ONCE, measures=False)
    assert [limits.first_byte for limits in asked] == [300, 300]


async def test_a_slow_route_that_was_hurried_gets_its_time_when_no_other_answers(
    site: Site,
) -> None:
    for _ in range(2):
        site.a.script(0.4, *wire.answer("read from disk"))
    slow = replace(site.route(site.a), limits=replace(LIMITS, first_byte=2))
    policy = replace(FIXED, hurried_s=0.1, patience_s=0)
    assert await site.ask(slow, NOWHERE, policy=policy) == "read from disk"
    assert [kind for _, kind, _ in site.rerouted] == [ErrorKind.TIMEOUT, ErrorKind.UNREACHABLE]


async def test_many_silent_services_together_take_little_longer_than_one(site: Site) -> None:
    site.health = Health()
    for _ in range(20):
        site.a.script(HANG)
    limits = replace(LIMITS, connect=0.1, first_byte=0.4)
    routes = [Endpoint(f"{site.a.base_url}/{n}", f"key-{n % 2}", limits=limits) for n in range(8)]
    began = time.monotonic()
    failed = await site.fail(*routes, policy=Policy(Order.FIXED, patience_s=0.2))
    assert (failed.kind, len(failed.tried)) == (ErrorKind.TIMEOUT, 8)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "error", [UpstreamError(ErrorKind.UNREACHABLE), UpstreamError(ErrorKind.TIMEOUT)]
)
def test_a_host_that_is_not_there_is_asked_with_one_key(error: UpstreamError) -> None:
    routes = [*at("a", key="one"), *at("a", key="two"), *at("b", key="one")]
    attempts = Attempts(routes, ONCE, Health(PassingTime()))
    asked = []
    while taken := attempts.take():
        asked.append(taken[0].route)
        attempts.failed(taken[0], error)
    assert routes[1] not in asked


def test_a_gateway_that_waited_for_another_is_asked_with_each_key() -> None:
    routes = [*at("a", key="one"), *at("a", key="two")]
    attempts = Attempts(routes, ONCE, Health(PassingTime()))
    for route in routes:
        taken = attempts.take()
        assert taken
        assert taken[0].route is route
        attempts.failed(taken[0], UpstreamError(ErrorKind.TIMEOUT, status=504))


async def test_all_attempts_share_the_time_for_a_whole_answer(site: Site) -> None:
    for _ in range(3):
        site.a.script(limited("retry-after: 4\r\n"))
    route = replace(site.route(site.a), limits=replace(LIMITS, total=6))
    await site.fail(route)
    assert (site.asked, len(site.time.waits)) == ((2, 0), 1)


def test_a_later_attempt_has_what_is_left() -> None:
    clock = PassingTime()
    attempts = Attempts(at("a", "b"), FIXED, Health(clock))
    taken = attempts.take()
    assert taken
    clock.now += 600
    assert attempts.endpoint(taken[0]).limits.total == 3000
