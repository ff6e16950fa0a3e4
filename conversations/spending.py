"""What a conversation has cost so far: all its answers, also those that are not shown any more."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from conversations.models import Generation
from conversations.money import money
from providers.models.call import Basis


@dataclass(frozen=True, slots=True)
class Spent:
    """`amount` has each currency by itself, and is '' where no price is known."""

    amount: str
    tokens: int
    is_estimate: bool


def spent_in(conversation_id: UUID) -> Spent:
    tokens = Coalesce(F("prompt_tokens"), 0) + Coalesce(F("completion_tokens"), 0)
    estimated = Q(cost_basis=Basis.ESTIMATED)
    rows = list(
        Generation.objects.filter(message__conversation=conversation_id)
        .values("currency")
        .annotate(paid=Sum("cost"), read=Sum(tokens), guessed=Count("pk", filter=estimated))
        .order_by("currency")
    )
    amounts = [money(row["paid"], row["currency"]) for row in rows]
    return Spent(
        amount=" + ".join(filter(None, amounts)),
        tokens=sum(row["read"] or 0 for row in rows),
        is_estimate=any(row["guessed"] for row in rows),
    )
