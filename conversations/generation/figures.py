"""What an answer cost: one that was continued adds its calls up."""

from typing import Any

from conversations.models import Generation
from providers.billing import Bill
from providers.models.call import Basis

_COUNTS = ("prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens")


def figures_with(before: Generation, billed: Bill) -> dict[str, Any]:
    """Of the answer, with the calls that wrote its beginning."""
    now = billed.figures()
    for name in _COUNTS:
        now[name] = _sum(getattr(before, name), now[name])
    # Another currency can only come with another price list in between.
    if before.currency in ("", now["currency"]) or not now["currency"]:
        now["cost"] = _sum(before.cost, now["cost"])
        now["currency"] = now["currency"] or before.currency
    for name in ("tokens_basis", "cost_basis"):
        if getattr(before, name) == Basis.ESTIMATED:
            now[name] = Basis.ESTIMATED
    return now


def _sum(before: Any, now: Any) -> Any:
    if before is None or now is None:
        return before if now is None else now
    return before + now
