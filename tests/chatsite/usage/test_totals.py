"""Adding up the ledger: exact, by currency, and in a few queries however long it is."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from chatsite.models import User
from chatsite.usage.period import Period
from chatsite.usage.report import OF_THE_SITE
from chatsite.usage.totals import By, totals, whole
from tests.chatsite.desk.conftest import Enter, at

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
NOON = at("2026-03-05 12:00")


def test_currencies_are_never_added_to_each_other(enter: Enter) -> None:
    enter("1.5", "USD", created_at=NOON)
    enter("2.5", "CNY", created_at=NOON)
    enter("0.25", "USD", created_at=NOON)
    assert whole(totals(MARCH, By.DAY)).costs == {"USD": Decimal("1.75"), "CNY": Decimal("2.5")}


def test_a_thousand_small_amounts_are_exact(enter: Enter) -> None:
    for _ in range(300):
        enter("0.000000001", created_at=NOON)
        enter("0.1", created_at=NOON)
    assert whole(totals(MARCH, By.MODEL)).costs == {"USD": Decimal("30.000000300")}


@pytest.mark.parametrize("by", OF_THE_SITE)
def test_a_call_is_counted_once_whatever_it_is_added_up_by(
    enter: Enter, olivia: User, by: By
) -> None:
    enter("1", "USD", created_at=NOON, prompt_tokens=5, completion_tokens=7, user=olivia)
    enter("1", "CNY", created_at=NOON, prompt_tokens=1, user=olivia, cost_basis="estimated")
    enter(created_at=NOON, outcome="failed")
    total = whole(totals(MARCH, by))
    assert (total.calls, total.read, total.written) == (3, 6, 7)
    assert (total.guessed, total.unpriced) == (1, 1)


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"]
)
def test_a_day_is_one_where_the_site_is(enter: Enter, settings: Settings, zone: str) -> None:
    settings.TIME_ZONE = zone
    for moment in ("2026-03-02 00:00", "2026-03-02 23:59:59", "2026-03-03 00:00:01"):
        enter(created_at=at(moment))
    calls = {part.name: part.calls for part in totals(MARCH, By.DAY) if part.calls}
    assert calls == {"2026-03-02": 2, "2026-03-03": 1}


def test_a_day_whose_clocks_are_put_by_half_an_hour_is_whole(
    enter: Enter, settings: Settings
) -> None:
    settings.TIME_ZONE = "Australia/Lord_Howe"
    # At ten and a half hours before UTC when it begins, at eleven when it ends.
    day = date(2026, 10, 4)
    for moment in ("2026-10-03 23:59", "2026-10-04 00:10", "2026-10-04 23:50", "2026-10-05 00:05"):
        enter(created_at=at(moment))
    assert [part.calls for part in totals(Period(day, day), By.DAY)] == [2]


def test_days_without_a_call_are_there_too(enter: Enter) -> None:
    assert [part.calls for part in totals(MARCH, By.DAY)] == [0] * 31


@pytest.mark.parametrize("by", OF_THE_SITE)
def test_what_is_outside_of_the_period_is_not_counted(enter: Enter, by: By) -> None:
    enter(created_at=datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC))
    enter(created_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert whole(totals(MARCH, by)).calls == 0


def test_who_is_deleted_is_still_counted(enter: Enter, olivia: User, sam: User) -> None:
    for user in (olivia, sam, sam):
        enter("1", created_at=NOON, user=user)
    olivia.delete()
    assert [(part.name, part.calls) for part in totals(MARCH, By.USER)] == [
        ("sam", 2),
        ("deleted users", 1),
    ]


@pytest.mark.parametrize("by", OF_THE_SITE)
def test_no_more_queries_however_much_there_is(
    enter: Enter, sam: User, by: By, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        created_at = at(f"2026-03-{number % 28 + 1:02} 10:00")
        enter("1", created_at=created_at, model_name=str(number), user=sam)
    with django_assert_num_queries(2 if by is By.USER else 1):
        totals(MARCH, by)
