from datetime import timedelta

import pytest
from django.utils import timezone

from providers import freshness
from providers.errors import ErrorKind, Sign, UpstreamError, WrongBase
from providers.freshness import FRESH_FOR, RETRY_AFTER, claim, note_failed, note_fetched
from providers.models import Provider, Source

ERROR = UpstreamError(ErrorKind.AUTH, "who are you")


def is_due(after: timedelta) -> bool:
    return Provider.objects.due(timezone.now() + after).exists()


def failed(provider: Provider, times: int) -> None:
    for _each in range(times):
        provider.refresh_from_db()
        note_failed(provider, ERROR)


def test_a_list_that_was_never_fetched_is_due(provider: Provider) -> None:
    assert is_due(timedelta(0))


def test_a_list_is_due_again_after_a_day(provider: Provider) -> None:
    note_fetched(provider)
    assert not is_due(FRESH_FOR - timedelta(minutes=1))
    assert is_due(FRESH_FOR + timedelta(minutes=1))


@pytest.mark.parametrize("fields", [{"enabled": False}, {"source": Source.LOCAL}], ids=str)
def test_what_is_off_or_has_no_list_is_never_due(
    provider: Provider, fields: dict[str, object]
) -> None:
    Provider.objects.update(**fields)
    assert not is_due(timedelta(days=9))


def test_of_all_who_see_that_a_list_is_due_one_fetches_it(provider: Provider) -> None:
    as_another_sees_it = Provider.objects.get()
    assert [claim(provider), claim(as_another_sees_it)] == [True, False]


def test_a_claim_that_nothing_came_of_ends(provider: Provider) -> None:
    claim(provider)
    assert is_due(freshness.CLAIMED_FOR + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("times", "wait"), [(1, RETRY_AFTER), (3, 4 * RETRY_AFTER), (20, FRESH_FOR)]
)
def test_after_each_failure_the_wait_is_longer(
    provider: Provider, times: int, wait: timedelta
) -> None:
    failed(provider, times)
    assert not is_due(wait - timedelta(minutes=1))
    assert is_due(wait + timedelta(minutes=1))


def test_a_success_forgets_the_failures(provider: Provider) -> None:
    failed(provider, 5)
    note_fetched(provider)
    provider.refresh_from_db()
    assert (provider.list_failures, provider.list_error) == (0, {})


def test_what_a_failure_said_is_kept(provider: Provider) -> None:
    error = UpstreamError(ErrorKind.PROTOCOL, "Relay")
    error.wrong_base = WrongBase(Sign.PAGE, "https://r.example/v1")
    note_failed(provider, error)
    provider.refresh_from_db()
    assert (provider.list_error["kind"], provider.list_error["detail"]) == ("protocol", "Relay")
    assert WrongBase.of(provider.list_error["wrong_base"]) == error.wrong_base
