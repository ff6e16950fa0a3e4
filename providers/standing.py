"""How each provider does, by what the ledger has of its last day: of every process, and also of
before a restart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.cooldown import OF_THE_REQUEST
from providers.errors import ErrorKind
from providers.fetching import last_failure
from providers.models import Call, Outcome, Provider
from providers.words import words

LOOKED_AT = timedelta(days=1)


class State(StrEnum):
    WELL = "well"
    FAILING = "failing"
    UNASKED = "unasked"
    OFF = "off"

    @property
    def word(self) -> Promise:
        return _WORDS[self]


_WORDS = {
    State.WELL: _("works"),
    State.FAILING: _("fails"),
    State.UNASKED: _("not asked today"),
    State.OFF: _("switched off"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`failure` is the last one in words, '' for none; it may be of before the last answer."""

    state: State
    failure: str = ""
    failed_at: datetime | None = None


@dataclass(slots=True)
class _Seen:
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    error_kind: str = ""


def standings(providers: Iterable[Provider]) -> dict[UUID, Standing]:
    """In one query, whatever their number."""
    asked = list(providers)
    seen = {provider.pk: _Seen() for provider in asked}
    rows = (
        Call.objects.filter(created_at__gte=timezone.now() - LOOKED_AT)
        .values_list("model__provider", "outcome", "error_kind")
        .annotate(at=Max("created_at"))
        .order_by("at")
    )
    for provider_id, outcome, error_kind, at in rows:
        # Asked for by their time alone: by their providers the database would look at all years.
        if provider_id in seen:
            _note(seen[provider_id], outcome, error_kind, at)
    return {provider.pk: _standing(provider, seen[provider.pk]) for provider in asked}


def _note(seen: _Seen, outcome: str, error_kind: str, at: datetime) -> None:
    # Who refuses a request was there to do so. What was stopped says nothing either way.
    if outcome == Outcome.COMPLETE or error_kind in OF_THE_REQUEST:
        seen.answered_at = at
    elif outcome == Outcome.FAILED:
        seen.failed_at, seen.error_kind = at, error_kind


def _standing(provider: Provider, seen: _Seen) -> Standing:
    listing = last_failure(provider) if provider.list_error else ""
    failure = _told(seen.error_kind) or listing
    return Standing(_state(provider, seen, listing), failure, seen.failed_at)


def _state(provider: Provider, seen: _Seen, listing: str) -> State:
    if not provider.enabled:
        return State.OFF
    if seen.answered_at and (not seen.failed_at or seen.answered_at > seen.failed_at):
        return State.WELL
    if seen.failed_at or listing:
        return State.FAILING
    return State.UNASKED


def _told(error_kind: str) -> str:
    # The hints are for who asks in a chat.
    return str(words(ErrorKind(error_kind)).message) if error_kind in list(ErrorKind) else ""
