"""How a provider does, by its last calls."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from providers.models import Call, Model, Provider
from providers.standing import Standing, State, standings


def called(provider: Provider, outcome: str, error_kind: str = "", hours_ago: float = 0) -> None:
    model, _ = Model.objects.get_or_create(provider=provider, model_id="m")
    at = timezone.now() - timedelta(hours=hours_ago)
    Call.objects.create(
        model=model, model_name="m", kind="chat", outcome=outcome, error_kind=error_kind,
        seconds=1, created_at=at,
    )  # fmt: skip


def standing(provider: Provider) -> Standing:
    return standings([provider])[provider.pk]


def test_who_was_not_asked_is_not_judged(provider: Provider) -> None:
    called(provider, "failed", "auth", hours_ago=30)
    assert standing(provider) == Standing(State.UNASKED)


def test_who_answered_last_answers_and_the_failure_before_is_told(provider: Provider) -> None:
    called(provider, "failed", "auth", hours_ago=2)
    called(provider, "complete", hours_ago=1)
    found = standing(provider)
    assert (found.state, found.failure) == (State.WELL, "The service refused the key.")


def test_who_failed_last_fails(provider: Provider) -> None:
    called(provider, "complete", hours_ago=2)
    called(provider, "failed", "unreachable", hours_ago=1)
    assert standing(provider).state is State.FAILING


@pytest.mark.parametrize("kind", ["content_filter", "bad_request", "context_too_long"])
def test_a_refused_question_speaks_not_against_it(provider: Provider, kind: str) -> None:
    called(provider, "failed", kind)
    assert standing(provider) == Standing(State.WELL)


@pytest.mark.parametrize("outcome", ["stopped", "interrupted"])
def test_what_was_stopped_says_nothing(provider: Provider, outcome: str) -> None:
    called(provider, outcome)
    assert standing(provider).state is State.UNASKED


def test_a_list_that_could_not_be_fetched_counts(provider: Provider) -> None:
    provider.list_error = {"kind": "auth", "detail": "", "wrong_base": {}}
    found = standing(provider)
    assert found.state is State.FAILING
    assert "The service refused the key." in found.failure


def test_who_is_switched_off_is_off(provider: Provider) -> None:
    called(provider, "failed", "auth")
    provider.enabled = False
    assert standing(provider).state is State.OFF


def test_a_kind_that_is_not_known_any_more_is_no_fault(provider: Provider) -> None:
    called(provider, "failed", "of-another-version")
    assert standing(provider).state is State.FAILING


def test_one_query_for_all(
    provider: Provider, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [
        Provider.objects.create(name=f"p{n}", base_url="https://x.test/v1") for n in range(10)
    ]
    for each in others:
        called(each, "failed", "auth")
    with django_assert_num_queries(1):
        standings([provider, *others])
