"""What a call cost: exact decimals from its tokens, and whether those were counted or guessed."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from providers.events import Usage
from providers.models import Model
from providers.models.call import Basis
from providers.text import estimated_tokens

MILLION = Decimal(1_000_000)
# No call costs as much in any currency: counts that say so are wrong. A thousand of these still
# fit the column, and so does their sum.
MOST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Bill:
    """`amount` is None where no price or no count of tokens is known."""

    usage: Usage
    tokens: Basis
    amount: Decimal | None = None
    currency: str = ""
    basis: Basis = Basis.UNKNOWN

    def figures(self) -> dict[str, Any]:
        """By the fields of the rows that keep them: a run's and the ledger's."""
        return {
            "prompt_tokens": self.usage.prompt_tokens,
            "completion_tokens": self.usage.completion_tokens,
            "cached_tokens": self.usage.cached_tokens,
            "reasoning_tokens": self.usage.reasoning_tokens,
            "tokens_basis": self.tokens,
            "cost": self.amount,
            "currency": self.currency,
            "cost_basis": self.basis,
        }


def bill(
    model: Model | None, usage: Usage | None, sent: int = 0, received: int | None = None
) -> Bill:
    """`sent` and `received` are bytes of text, for what the service did not count.

    Nothing received (None) and not all counted, as after a refused key, costs nobody knows what.
    """
    counted = _counted(usage)
    if counted is None and received is None:
        return Bill(usage or Usage(), Basis.UNKNOWN)
    tokens = Basis.MEASURED if counted else Basis.ESTIMATED
    counted = counted or _estimated(usage or Usage(), sent, received or 0)
    amount = _amount(model, counted) if model else None
    if model is None or amount is None or amount >= MOST:
        return Bill(counted, tokens)
    basis = Basis.ESTIMATED if model.price_varies else tokens
    return Bill(counted, tokens, amount, model.currency, basis)


def _counted(usage: Usage | None) -> Usage | None:
    if usage is None or usage.prompt_tokens is None:
        return None
    # Where nothing is written, as with embeddings, the total says so.
    if usage.completion_tokens is None and usage.total_tokens == usage.prompt_tokens:
        return replace(usage, completion_tokens=0)
    return None if usage.completion_tokens is None else usage


def _estimated(usage: Usage, sent: int, received: int) -> Usage:
    """With what was counted after all."""
    read, written = usage.prompt_tokens, usage.completion_tokens
    return Usage(
        estimated_tokens(sent) if read is None else read,
        estimated_tokens(received) if written is None else written,
        cached_tokens=usage.cached_tokens,
    )


def _amount(model: Model, usage: Usage) -> Decimal | None:
    read, written = usage.prompt_tokens or 0, _written(usage)
    output_price = model.output_price if written else model.output_price or Decimal(0)
    if model.input_price is None or output_price is None:
        return None
    # Longer prompts cost more, and how much more the table does not say.
    if model.price_up_to and read > model.price_up_to:
        return None
    cached = min(usage.cached_tokens or 0, read)
    again = model.input_price if model.cached_input_price is None else model.cached_input_price
    total = (read - cached) * model.input_price + cached * again + written * output_price
    return total / MILLION


def _written(usage: Usage) -> int:
    """Some count what was thought beside what was written, and only the total has both."""
    written = usage.completion_tokens or 0
    if usage.total_tokens is None or not usage.reasoning_tokens:
        return written
    is_beside = usage.total_tokens == (usage.prompt_tokens or 0) + written + usage.reasoning_tokens
    return written + usage.reasoning_tokens if is_beside else written
