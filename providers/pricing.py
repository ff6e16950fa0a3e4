"""The price of a model, in the units that services have for it in their lists."""

from decimal import Decimal

from providers.offer import TokenPrice

MILLION = 1_000_000
# The dearest model ever cost 600; beyond this a price was read in the wrong unit.
DEAREST = Decimal(10_000)
SMALLEST = Decimal("0.000001")


def price_in(pricing: object, *, is_for_tokens: bool) -> TokenPrice | None:
    """`prompt` and `completion` are told per token, `input` and `output` per million.

    A negative price depends on the request, and nought for what is not counted in tokens is none.
    """
    if not isinstance(pricing, dict):
        return None
    if "prompt" in pricing or "completion" in pricing:
        names, factor = ("prompt", "completion", "input_cache_read"), MILLION
    else:
        names, factor = ("input", "output", "cached_input"), 1
    into, out, cached = (_amount(pricing.get(name), factor) for name in names)
    if (into is None and out is None) or not (into or out or is_for_tokens):
        return None
    return TokenPrice(into, out, cached)


def _amount(value: object, factor: int) -> Decimal | None:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).strip()) * factor
        return amount.quantize(SMALLEST) if 0 <= amount <= DEAREST else None
    except ArithmeticError:
        return None
