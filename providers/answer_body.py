"""What answers that come whole have in common, and why a body is none of them."""

import json
from collections.abc import Mapping
from typing import Any

from providers.complaint import complaint_told
from providers.errors import UpstreamError
from providers.events import Usage
from providers.failure import broken, failure_of_body
from providers.usage import usage_in

# Nobody complains at greater length, and to read an answer that is damaged takes its time.
MOST_COMPLAINT_BYTES = 256 * 1024


def parsed(body: bytes) -> Any:
    """The JSON value, None where it is none."""
    try:
        return json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def declared_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").strip().lower()


def no_answer(status: int, headers: Mapping[str, str], body: bytes, key: str = "") -> UpstreamError:
    """The error of a body that is not what was asked for: a complaint, or something else."""
    body = body[:MOST_COMPLAINT_BYTES]
    error = failure_of_body(status, headers, body, key)
    if status >= 400 or complaint_told(parsed(body)):
        return error
    # A page, or nothing, complains of nothing: the address is not that of a service.
    return broken(error.detail, status)


def counts_in(value: dict[str, Any]) -> Usage | None:
    """The counts of tokens: functions other than chats have names of their own for them."""
    told = value.get("usage")
    if not isinstance(told, dict):
        return None
    given, made = told.get("input_tokens"), told.get("output_tokens")
    usage = usage_in({"usage": {"prompt_tokens": given, "completion_tokens": made, **told}}, {})
    return usage if usage != Usage() else None
