"""The list of a service's models, in the shapes that services have for it."""

import json
from collections.abc import Mapping
from typing import Any

from providers.complaint import complaint_in
from providers.events import ModelInfo
from providers.failure import broken, failure_of_body
from providers.text import clean

_WINDOWS = ("context_length", "context_window", "max_model_len", "max_context_length")


def read_models(
    status: int, headers: Mapping[str, str], body: bytes, key: str = ""
) -> list[ModelInfo]:
    """As the service orders them, each id once; UpstreamError if it is no such list."""
    value = _parse(body)
    if status >= 400 or not _is_list(value):
        error = failure_of_body(status, headers, body, key)
        # A page, or nothing, complains of nothing: the address is not that of a service.
        raise error if status >= 400 or value else broken(error.detail, status)
    entries = value if isinstance(value, list) else value.get("data", value.get("models"))
    found: dict[str, ModelInfo] = {}
    for entry in entries or []:
        if info := _read(entry):
            found.setdefault(info.id, info)
    return list(found.values())


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _is_list(value: object) -> bool:
    if complaint_in(value):
        return False
    if isinstance(value, dict):
        entries = value.get("data", value.get("models", ""))
        return entries is None or isinstance(entries, list)
    return isinstance(value, list)


def _read(entry: object) -> ModelInfo | None:
    if isinstance(entry, str):
        entry = {"id": entry}
    if not isinstance(entry, dict):
        return None
    id = _text(entry.get("id")) or _text(entry.get("name"))
    if not id:
        return None
    name = _text(entry.get("display_name")) or _text(entry.get("name"))
    return ModelInfo(id, "" if name == id else name, _window(entry))


def _window(entry: dict[str, Any]) -> int | None:
    meta = entry.get("meta")
    told = [entry.get(name) for name in _WINDOWS]
    told.append(meta.get("n_ctx_train") if isinstance(meta, dict) else None)
    return next((size for size in told if isinstance(size, int) and 0 < size < 2**31), None)


def _text(value: object) -> str:
    return clean(value).strip() if isinstance(value, str) else ""
