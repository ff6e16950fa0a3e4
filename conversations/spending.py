"""What a conversation has cost so far: all its answers, also those that are not shown any more or
gone for good, and what was asked beside them."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from conversations.models import Generation
from conversations.money import money
from providers.models import Call
from providers.models.call import Basis


@dataclass(frozen=True, slots=True)
class Spent:
    """`amount` has each currency by itself, and is '' where no price is known."""

    amount: str
    tokens: int
    is_estimate: bool


def spent_in(conversation_id: UUID) -> Spent:
    """In one query."""
    answers = Generation.objects.filter(message__conversation=conversation_id)
    others = Call.objects.filter(charge__conversation=conversation_id, charge__answer=None)
    paid: defaultdict[str, Decimal] = defaultdict(Decimal)
    tokens = guessed = 0
    for currency, cost, read, estimates in _summed(answers).union(_summed(others), all=True):
        paid[currency] += cost or 0
        tokens += read or 0
        guessed += estimates
    amounts = [money(paid[currency], currency) for currency in sorted(paid)]
    return Spent(" + ".join(filter(None, amounts)), tokens, is_estimate=guessed > 0)


def _summed(calls: "QuerySet[Any]") -> Any:
    """By currency: what was paid, the tokens, and how much of it was estimated."""
    tokens = Coalesce(F("prompt_tokens"), 0) + Coalesce(F("completion_tokens"), 0)
    estimated = Q(cost_basis=Basis.ESTIMATED)
    sums = {"paid": Sum("cost"), "read": Sum(tokens), "guessed": Count("pk", filter=estimated)}
    return calls.order_by().values("currency").annotate(**sums).values_list("currency", *sums)
