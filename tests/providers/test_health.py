"""What is remembered of a route, and which one is therefore taken."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from providers.endpoint import Endpoint
from providers.errors import ErrorKind, Sign, UpstreamError, WrongBase
from providers.health import MOST_PLACES, Health, place_of
from providers.labels import route_label
from providers.ordering import Order
from tests.providers.passing_time import PassingTime

A, B, C = (Endpoint(f"https://{name}.example/v1", "sk-one-long-key") for name in "abc")
OTHER_KEY = Endpoint(A.base_url, "sk-another-long-key")
LOST = UpstreamError(ErrorKind.UNREACHABLE)
BROKEN = (ErrorKind.UNREACHABLE, ErrorKind.UPSTREAM, ErrorKind.TIMEOUT)


@pytest.fixture
def time() -> PassingTime:
    return PassingTime()


@pytest.fixture
def health(time: PassingTime) -> Health:
    return Health(time)


def answer(health: Health, route: Endpoint, seconds: float = 0.0, model: str = "") -> None:
    with health.take([route], model=model) as trial:
        assert isinstance(health.clock, PassingTime)
        health.clock.now += seconds
        trial.answered()


def fail(health: Health, route: Endpoint, error: UpstreamError = LOST, model: str = "") -> None:
    with health.take([route], model=model) as trial:
        trial.failed(error)


def taken(
    health: Health, *routes: Endpoint, order: Order = Order.FASTEST, model: str = ""
) -> Endpoint:
    with health.take(routes, order, model=model) as trial:
        return trial.route


def test_the_fastest_goes_first(health: Health) -> None:
    for route, seconds in ((A, 3), (B, 1), (C, 2)):
        answer(health, route, seconds)
    assert taken(health, A, B, C) is B


def test_a_fixed_order_does_not_mind_the_speed(health: Health) -> None:
    answer(health, A, 3)
    answer(health, B, 1)
    assert taken(health, A, B, order=Order.FIXED) is A


def test_a_difference_that_nobody_feels_is_none(health: Health) -> None:
    answer(health, A, 1.04)
    answer(health, B, 1.0)
    assert taken(health, A, B) is A


def test_a_speed_is_smoothed(health: Health) -> None:
    answer(health, A, 1)
    answer(health, A, 2)
    assert health.condition(A).latency_s == pytest.approx(1.3)


def test_a_route_of_unknown_speed_gets_its_turn_once(health: Health) -> None:
    answer(health, A, 1)
    with health.take([A, B]) as first, health.take([A, B]) as second:
        assert (first.route, second.route) == (B, A)


def test_an_old_measurement_is_made_anew(health: Health, time: PassingTime) -> None:
    answer(health, A, 9)
    answer(health, B, 1)
    time.now += 890
    answer(health, B, 1)
    time.now += 20
    assert taken(health, A, B) is A


def test_what_is_no_measurement_says_nothing_of_the_speed(health: Health) -> None:
    with health.take([A], measures=False) as trial:
        trial.answered()
    assert health.condition(A).latency_s is None


@pytest.mark.parametrize("order", Order)
def test_a_route_that_failed_goes_last(health: Health, order: Order) -> None:
    answer(health, B, 9)
    fail(health, A)
    assert taken(health, A, B, order=order) is B


def test_where_all_have_failed_the_first_to_be_well_again_is_taken(health: Health) -> None:
    fail(health, A, UpstreamError(ErrorKind.AUTH))
    fail(health, B)
    assert taken(health, A, B) is B


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (UpstreamError(ErrorKind.UNREACHABLE), 5),
        (UpstreamError(ErrorKind.TIMEOUT), 5),
        (UpstreamError(ErrorKind.RATE_LIMIT), 20),
        (UpstreamError(ErrorKind.RATE_LIMIT, retry_after_s=42), 42),
        (UpstreamError(ErrorKind.OVERLOADED, retry_after_s=0.5), 0.5),
        (UpstreamError(ErrorKind.RATE_LIMIT, retry_after_s=10**6), 3600),
        (UpstreamError(ErrorKind.AUTH), 600),
        (UpstreamError(ErrorKind.BILLING), 600),
        (UpstreamError(ErrorKind.BAD_REQUEST), 0),
        (UpstreamError(ErrorKind.CONTENT_FILTER), 0),
        (UpstreamError(ErrorKind.CONTEXT_TOO_LONG), 0),
    ],
    ids=lambda value: str(value.kind) if isinstance(value, UpstreamError) else str(value),
)
def test_a_failure_cools_its_route_down_for_as_long_as_it_may_last(
    health: Health, error: UpstreamError, seconds: float
) -> None:
    fail(health, A, error)
    assert health.condition(A).cools_for_s == seconds


def test_failures_in_a_row_cool_down_for_longer_up_to_a_limit(health: Health) -> None:
    cooled = []
    for _ in range(10):
        fail(health, A)
        cooled.append(health.condition(A).cools_for_s)
    assert cooled == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]


def test_requests_that_fail_together_are_one_failure(health: Health, time: PassingTime) -> None:
    trials = [health.take([A]) for _ in range(5)]
    time.now += 1
    for trial in trials:
        trial.failed(LOST)
    assert health.condition(A).failures == 1


def test_a_late_failure_after_a_recovery_is_a_failure(health: Health, time: PassingTime) -> None:
    late = health.take([A])
    time.now += 1
    fail(health, A)
    answer(health, A)
    late.failed(LOST)
    assert health.condition(A).failures == 1


def test_a_bad_key_does_not_speak_against_another(health: Health) -> None:
    fail(health, A, UpstreamError(ErrorKind.AUTH))
    assert taken(health, A, OTHER_KEY) is OTHER_KEY


def test_after_its_cool_down_one_request_at_a_time_tries_a_route(
    health: Health, time: PassingTime
) -> None:
    fail(health, A)
    time.now += 5
    with health.take([A, B], Order.FIXED) as first, health.take([A, B], Order.FIXED) as second:
        assert (first.route, second.route) == (A, B)


def test_a_route_that_answers_again_is_well(health: Health, time: PassingTime) -> None:
    fail(health, A)
    fail(health, A)
    time.now += 10
    answer(health, A, 1)
    condition = health.condition(A)
    assert (condition.failures, condition.cools_for_s, condition.is_probed) == (0, 0, False)


def test_a_request_that_is_refused_for_itself_shows_that_its_route_is_well(health: Health) -> None:
    fail(health, A)
    fail(health, A, UpstreamError(ErrorKind.BAD_REQUEST))
    assert health.condition(A).failures == 0


def test_a_probe_that_fails_cools_down_again(health: Health, time: PassingTime) -> None:
    fail(health, A)
    time.now += 5
    fail(health, A)
    assert taken(health, A, B, order=Order.FIXED) is B


def test_a_probe_that_is_given_up_leaves_its_place(health: Health, time: PassingTime) -> None:
    fail(health, A)
    time.now += 5
    with pytest.raises(asyncio.CancelledError), health.take([A, B], Order.FIXED):
        raise asyncio.CancelledError
    assert taken(health, A, B, order=Order.FIXED) is A


def test_only_so_many_routes_are_remembered(health: Health) -> None:
    for number in range(MOST_PLACES + 10):
        fail(health, Endpoint(f"https://{number}.example/v1"))
    first, last = (Endpoint(f"https://{n}.example/v1") for n in (0, MOST_PLACES + 9))
    assert (health.condition(first).failures, health.condition(last).failures) == (0, 1)


def test_a_probe_goes_to_one_of_many_threads(health: Health, time: PassingTime) -> None:
    fail(health, A)
    time.now += 5
    with ThreadPoolExecutor(8) as threads:
        trials = list(threads.map(lambda _: health.take([A, B], Order.FIXED), range(200)))
    assert [trial.route for trial in trials].count(A) == 1


def test_a_key_is_remembered_by_its_fingerprint() -> None:
    assert place_of(A) == place_of(Endpoint(f"{A.base_url}/", A.key)) != place_of(OTHER_KEY)
    assert "sk-" not in repr(place_of(A))


@pytest.mark.parametrize(
    ("route", "label"),
    [
        (Endpoint("https://a.example/v1", "sk-a-long-key", "Relay"), "Relay, a.example, …-key"),
        (
            Endpoint("https://a.example/v1", "sk-a-long-key", "Relay", key_number=2),
            "Relay, a.example, #2, …-key",
        ),
        (Endpoint("http://127.0.0.1:8000/v1", "short"), "127.0.0.1:8000"),
        (Endpoint("https://a.example/v1", "", "a.example"), "a.example"),
        (Endpoint("https://me:secret@a.example/v1"), "a.example"),
    ],
    ids=["whole", "one_of_several", "short_key", "named_for_its_host", "credentials"],
)
def test_a_label_tells_routes_apart_and_no_key(route: Endpoint, label: str) -> None:
    assert route_label(route) == label


@pytest.mark.parametrize(
    "kind",
    [ErrorKind.NOT_FOUND, ErrorKind.PERMISSION, ErrorKind.NO_CHANNEL, ErrorKind.RATE_LIMIT],
)
def test_what_one_model_is_refused_sends_no_other_elsewhere(
    health: Health, kind: ErrorKind
) -> None:
    fail(health, A, UpstreamError(kind), model="missing")
    assert taken(health, A, B, order=Order.FIXED, model="missing") is B
    assert taken(health, A, B, order=Order.FIXED, model="good") is A


@pytest.mark.parametrize("kind", [ErrorKind.AUTH, ErrorKind.BILLING, *BROKEN])
def test_what_a_route_fails_at_is_the_same_for_all_its_models(
    health: Health, kind: ErrorKind
) -> None:
    fail(health, A, UpstreamError(kind), model="one")
    assert taken(health, A, B, order=Order.FIXED, model="another") is B


def test_an_address_that_is_not_found_is_so_for_all_models(health: Health) -> None:
    error = UpstreamError(ErrorKind.NOT_FOUND)
    error.wrong_base = WrongBase(Sign.NO_SUCH_PATH)
    fail(health, A, error, model="one")
    assert taken(health, A, B, order=Order.FIXED, model="another") is B


def test_a_refused_model_cools_down_for_longer_until_it_answers(health: Health) -> None:
    for _ in range(3):
        fail(health, A, UpstreamError(ErrorKind.NOT_FOUND), model="m")
        answer(health, A, model="another")
    assert (health.condition(A, "m").cools_for_s, health.condition(A).failures) == (20, 0)
    answer(health, A, model="m")
    assert health.condition(A, "m").failures == 0


def test_a_refused_model_is_tried_again_by_one_request_at_a_time(
    health: Health, time: PassingTime
) -> None:
    fail(health, A, UpstreamError(ErrorKind.NOT_FOUND), model="m")
    time.now += 5
    with health.take([A, B], Order.FIXED, model="m") as first:
        assert taken(health, A, B, order=Order.FIXED, model="m") is B
    assert first.route is A
    assert taken(health, A, B, order=Order.FIXED, model="m") is A


def test_a_refused_model_shows_that_its_route_is_there(health: Health) -> None:
    fail(health, A, model="m")
    fail(health, A, UpstreamError(ErrorKind.NOT_FOUND), model="m")
    assert health.condition(A).failures == 0
