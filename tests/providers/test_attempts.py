"""When the same route is asked again, and after which wait, against services over real TCP."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers import client
from providers.attempts import Policy, RoutesFailed
from providers.backoff import Backoff
from providers.errors import ErrorKind, UpstreamError
from providers.ordering import Order
from tests import upstream as wire
from tests.providers.two_services import LIMITED, Site, limited
from tests.upstream import RESET, Step, Upstream


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
