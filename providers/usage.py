"""Token counts, from the three places where services put them."""

from typing import Any

from providers.events import Usage


def usage_in(chunk: dict[str, Any], choice: dict[str, Any]) -> Usage | None:
    """The counts of a chunk or a whole answer; None where it holds none."""
    found = chunk.get("usage") or choice.get("usage")
    if not found and isinstance(groq := chunk.get("x_groq"), dict):
        found = groq.get("usage")
    return _read(found) if isinstance(found, dict) and found else None


def _read(usage: dict[str, Any]) -> Usage:
    prompt, completion = _part(usage, "prompt"), _part(usage, "completion")
    return Usage(
        _count(usage.get("prompt_tokens")),
        _count(usage.get("completion_tokens")),
        _count(usage.get("total_tokens")),
        _first(
            prompt.get("cached_tokens"),
            usage.get("cached_tokens"),
            usage.get("prompt_cache_hit_tokens"),
        ),
        _first(completion.get("reasoning_tokens"), usage.get("reasoning_tokens")),
    )


def _part(usage: dict[str, Any], name: str) -> dict[str, Any]:
    found = usage.get(f"{name}_tokens_details")
    return found if isinstance(found, dict) else {}


def _first(*values: object) -> int | None:
    return next((count for value in values if (count := _count(value)) is not None), None)


def _count(value: object) -> int | None:
    """A count that a database can hold; services have sent floats, texts and negative numbers."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return int(value) if 0 <= value < 2**31 else None
