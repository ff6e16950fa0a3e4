"""A user's conversations, with what each has cost.

The ledger keeps its rows when a chat is deleted. So these are the figures of its answers, each
as one call on the day on which it ended; and the calls for answers that are gone for good, for
summaries and titles. What was paid for a chat that is deleted, or outside of any, is not here.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from chatsite.usage.period import Period
from chatsite.usage.totals import Total, most_called_first, sums
from conversations.models import Conversation, Generation
from conversations.models.generation import State
from providers.models import Call, Outcome


def totals_of_conversations(period: Period, user: AbstractBaseUser) -> list[Total]:
    """By calls, most first. One query."""
    found: dict[Any, Total] = {}
    for row in _answers(period, user).union(_others(period, user), all=True):
        found.setdefault(row["chat"], _empty(row)).add(row)
    return most_called_first(found.values())


def _answers(period: Period, user: AbstractBaseUser) -> "QuerySet[Any, dict[str, Any]]":
    # What was brought in or copied was written by no process here, and paid elsewhere.
    mine = Generation.objects.exclude(runner="").filter(
        message__conversation__in=Conversation.objects.for_user(user),
        ended_at__gte=period.begins,
        ended_at__lt=period.ends,
    )
    return _summed(mine, "message__conversation", Q(state=State.FAILED))


def _others(period: Period, user: AbstractBaseUser) -> "QuerySet[Any, dict[str, Any]]":
    mine = Call.objects.filter(
        charge__conversation__in=Conversation.objects.for_user(user),
        charge__answer=None,
        created_at__gte=period.begins,
        created_at__lt=period.ends,
    )
    return _summed(mine, "charge__conversation", Q(outcome=Outcome.FAILED))


def _summed(calls: "QuerySet[Any]", chat: str, failed: Q) -> "QuerySet[Any, dict[str, Any]]":
    named = calls.order_by().values("currency", chat=F(chat), chat_title=F(f"{chat}__title"))
    rows: QuerySet[Any, dict[str, Any]] = named.annotate(**sums(failed))
    return rows


def _empty(row: dict[str, Any]) -> Total:
    return Total(row["chat_title"], url=reverse("conversations:conversation", args=[row["chat"]]))
