"""A user's conversations, with what each has cost.

The ledger knows of no chat, and keeps its rows when one is deleted. So these are the answers' own
figures: one answer is one call, on the day on which it ended. What was paid for a chat that is
deleted, or outside of any, is not here.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.urls import reverse

from chatsite.usage.period import Period
from chatsite.usage.totals import Total, most_called_first, sums
from conversations.models import Conversation, Generation
from conversations.models.generation import State

KEY, TITLE = "message__conversation", "message__conversation__title"


def totals_of_conversations(period: Period, user: AbstractBaseUser) -> list[Total]:
    """By answers, most first. One query."""
    found: dict[Any, Total] = {}
    for row in _summed(period, user):
        found.setdefault(row[KEY], _empty(row)).add(row)
    return most_called_first(found.values())


def _summed(period: Period, user: AbstractBaseUser) -> Iterable[dict[str, Any]]:
    # What was brought in or copied was written by no process here, and paid elsewhere.
    mine = Generation.objects.exclude(runner="").filter(
        message__conversation__in=Conversation.objects.for_user(user),
        ended_at__gte=period.begins,
        ended_at__lt=period.ends,
    )
    failed = Q(state=State.FAILED)
    rows: Iterable[dict[str, Any]] = (
        mine.values(KEY, TITLE, "currency").annotate(**sums(failed)).order_by()
    )
    return rows


def _empty(row: dict[str, Any]) -> Total:
    return Total(row[TITLE], url=reverse("conversations:conversation", args=[row[KEY]]))
