"""What answers that come whole have in common, and why a body is none of them."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import gettext_noop as _

from providers.complaint import complaint_told
from providers.errors import UpstreamError
from providers.events import Usage
from providers.failure import broken, failure_of_body
from providers.usage import usage_in
from providers.weight import MOST_WEIGHT, is_too_heavy

# Nobody complains at greater length, and to read an answer that is damaged takes its time.
MOST_COMPLAINT_BYTES = 256 * 1024
# What is longer is read in a thread: it takes long enough to be felt in the streams.
LONG = 128 * 1024

P = ParamSpec("P")
Answer = TypeVar("Answer")


async def reading(
    read: Callable[P, Answer], size: int, *args: P.args, **kwargs: P.kwargs
) -> Answer:
    """What `read` makes of a body of this size."""
    if size > LONG:
        return await asyncio.to_thread(read, *args, **kwargs)
    return read(*args, **kwargs)


def too_much(status: int | None = None) -> UpstreamError:
    return broken(_("an answer of too many parts"), status)


def parsed(body: bytes, most: int = MOST_WEIGHT) -> Any:
    """The JSON value, None where it is none; UpstreamError if it would take more than `most` bytes
    of memory."""
    if is_too_heavy(body, most):
        raise too_much()
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
