from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from chatsite.usage.period import MOST_DAYS, Period


def test_what_is_asked_for_is_taken() -> None:
    period = Period.asked_for({"first": "2026-03-01", "last": "2026-03-03"})
    assert period.days == [date(2026, 3, day) for day in (1, 2, 3)]


@pytest.mark.parametrize("nonsense", ["", "soon", "2026-13-40", "0001-01-01", "9999-12-31"])
def test_nonsense_is_the_last_thirty_days(nonsense: str) -> None:
    assert Period.asked_for({"first": nonsense, "last": nonsense}) == Period.of_last(30)


def test_a_period_the_wrong_way_round_is_turned() -> None:
    asked = {"first": "2026-03-09", "last": "2026-03-01"}
    assert Period.asked_for(asked) == Period(date(2026, 3, 1), date(2026, 3, 9))


def test_no_more_than_a_year_is_added_up() -> None:
    period = Period.asked_for({"first": "1990-01-01", "last": "2026-03-01"})
    assert (len(period.days), period.last) == (MOST_DAYS, date(2026, 3, 1))


def test_the_future_is_cut_off() -> None:
    far = (timezone.localdate() + timedelta(days=100)).isoformat()
    assert Period.asked_for({"last": far}) == Period.of_last(30)


def test_its_days_begin_where_the_site_is(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    period = Period(date(2026, 3, 1), date(2026, 3, 1))
    assert period.begins == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert period.ends == datetime(2026, 3, 1, 16, tzinfo=UTC)
