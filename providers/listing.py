"""The list of a service's models, in the shapes that services have for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_noop as _

from providers.answer_body import parsed
from providers.complaint import complaint_in
from providers.entry import read_entry
from providers.events import ModelInfo
from providers.failure import broken, failure_of_body

# No service has as many.
MOST_MODELS = 20_000
ENDLESS = _("a list of models without an end")


@dataclass(frozen=True, slots=True)
class ModelPage:
    """`next` is the path and query of the rest of the list, '' if this is all."""

    models: list[ModelInfo]
    next: str = ""


def read_models(
    status: int, headers: Mapping[str, str], body: bytes, key: str = ""
) -> list[ModelInfo]:
    """As the service orders them, each id once; UpstreamError if it is no such list."""
    return read_page(status, headers, body, key).models


def read_page(status: int, headers: Mapping[str, str], body: bytes, key: str = "") -> ModelPage:
    """As `read_models`, and where the list goes on."""
    value = parsed(body)
    if status >= 400 or not _is_list(value):
        error = failure_of_body(status, headers, body, key)
        # A page, or nothing, complains of nothing: the address is not that of a service.
        raise error if status >= 400 or value else broken(error.detail, status)
    found: dict[str, ModelInfo] = {}
    more = _second_list(value)
    for entry in _entries(value) or ():
        if info := read_entry(_joined(entry, more)):
            found.setdefault(info.id, info)
        if len(found) > MOST_MODELS:
            raise broken(ENDLESS, status)
    return ModelPage(list(found.values()), _next(value))


def _is_list(value: object) -> bool:
    if complaint_in(value) or (isinstance(value, dict) and value.get("success") is False):
        return False
    entries = _entries(value)
    return entries is None or isinstance(entries, list)


def _entries(value: Any) -> Any:
    """The array, None for a list that is told as null, '' where there is no list."""
    if not isinstance(value, dict):
        return value if isinstance(value, list) else ""
    return value.get("data") or value.get("models", value.get("data", ""))


def _second_list(value: Any) -> dict[object, dict[str, Any]]:
    """By its names, what llama.cpp lists as `models` beside `data`: it says more there."""
    second = value.get("models") if isinstance(value, dict) else None
    entries = second if isinstance(second, list) else []
    return {e["name"]: e for e in entries if isinstance(e, dict) and isinstance(e.get("name"), str)}


def _joined(entry: Any, more: dict[object, dict[str, Any]]) -> Any:
    if not more or not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return entry
    return {**more.get(entry["id"], {}), **entry}


def _next(value: object) -> str:
    """Anthropic's: {has_more: true, last_id: x} goes on behind x."""
    if not isinstance(value, dict) or value.get("has_more") is not True:
        return ""
    last = value.get("last_id")
    return f"models?{urlencode({'after_id': last})}" if isinstance(last, str) and last else ""
