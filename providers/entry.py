"""One entry of a list of models."""

from typing import Any

from providers.capabilities import capabilities_in
from providers.events import ModelInfo
from providers.pricing import price_in
from providers.text import clean

WINDOWS = (
    "context_length",
    "context_window",
    "max_model_len",
    "max_context_length",
    "max_input_tokens",
    "n_ctx",
    "n_ctx_train",
)
OUTPUTS = ("max_completion_tokens", "max_output_tokens", "max_tokens")
# Where sizes stand besides the entry itself.
_INNER = ("meta", "top_provider")


def read_entry(entry: object) -> ModelInfo | None:
    """None where it names no model."""
    if isinstance(entry, str):
        entry = {"id": entry}
    if not isinstance(entry, dict):
        return None
    # Google lists `models/x`, and takes `x` everywhere.
    id = (_text(entry.get("id")) or _text(entry.get("name"))).removeprefix("models/")
    if not id:
        return None
    name = _text(entry.get("display_name")) or _text(entry.get("name"))
    can = capabilities_in(entry)
    return ModelInfo(
        id,
        "" if name.removeprefix("models/") == id else name,
        _size(entry, WINDOWS),
        _size(entry, OUTPUTS),
        can,
        price_in(entry.get("pricing"), is_for_tokens=can.chat is not False),
    )


def _size(entry: dict[str, Any], names: tuple[str, ...]) -> int | None:
    places = [entry, *(inner for name in _INNER if isinstance(inner := entry.get(name), dict))]
    told = (place.get(name) for place in places for name in names)
    return next((n for n in told if type(n) is int and 0 < n < 2**31), None)


def _text(value: object) -> str:
    return clean(value).strip() if isinstance(value, str) else ""
