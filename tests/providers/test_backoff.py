"""How long a request waits before it is sent again."""

from functools import partial

import pytest

from providers.backoff import Backoff

longest = Backoff(first_s=0.5, ceiling_s=8, longest_told_s=30, random=lambda: 1.0)
shortest = Backoff(first_s=0.5, ceiling_s=8, longest_told_s=30, random=lambda: 0.0)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 8), (10_000, 8)]
)
def test_a_wait_doubles_up_to_its_ceiling(failures: int, seconds: float) -> None:
    assert longest.wait_after(failures) == seconds


def test_all_of_a_wait_is_random() -> None:
    assert shortest.wait_after(5) == 0


def test_waits_spread_without_leaving_their_range() -> None:
    waits = [Backoff().wait_after(3) for _ in range(200)]
    assert all(wait is not None and 0 <= wait < 2 for wait in waits)
    assert len(set(waits)) > 100


@pytest.mark.parametrize("told", [0.0, 0.25, 7.0, 30.0])
def test_what_a_service_told_is_waited_for_and_hardly_more(told: float) -> None:
    assert shortest.wait_after(1, told) == told
    assert longest.wait_after(1, told) == told + 0.5


@pytest.mark.parametrize("told", [30.1, 3600.0, float("inf")])
def test_what_takes_too_long_is_not_waited_for(told: float) -> None:
    assert shortest.wait_after(1, told) is None


def test_the_random_source_is_asked_for_each_wait() -> None:
    numbers = iter((0.25, 0.75))
    backoff = Backoff(first_s=4, random=partial(next, numbers))
    assert [backoff.wait_after(1), backoff.wait_after(1)] == [1, 3]
