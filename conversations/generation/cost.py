"""What an answer cost: exact decimals from reported tokens, or plainly unknown."""

from dataclasses import dataclass
from decimal import Decimal

from conversations.models.generation import CostBasis
from providers.events import Usage
from providers.models import Model

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    amount: Decimal | None
    currency: str
    basis: CostBasis


UNKNOWN = Price(None, "", CostBasis.UNKNOWN)


def cost_of(model: Model | None, usage: Usage | None) -> Price:
    """Measured when the service reported its tokens and the model has prices; never a guess."""
    if model is None or usage is None:
        return UNKNOWN
    if model.input_price is None or model.output_price is None:
        return UNKNOWN
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return UNKNOWN
    total = usage.prompt_tokens * model.input_price + usage.completion_tokens * model.output_price
    return Price(total / MILLION, model.currency, CostBasis.MEASURED)
