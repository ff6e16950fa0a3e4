"""An error response as an `UpstreamError`: its kind, its words made safe, and when to ask again."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from providers.classification import classify
from providers.complaint import Complaint, complaint_of_body, complaint_of_text
from providers.errors import ErrorKind, UpstreamError
from providers.masking import MASK, masked
from providers.sse import EventStream, LineTooLong
from providers.text import clean

MOST_DETAIL = 600
# A service that asks for longer is not to be waited for, and a date may be nonsense.
MOST_WAIT_S = 7 * 24 * 3600.0
_KEYS = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|key|nvapi|hf)[-_][\w*.…-]{6,}|\bAIza[\w*-]{10,}|\b[0-9a-fA-F]{40,}\b"
    r"|(?<=Bearer )\S+"
)


def failure(
    complaint: Complaint, status: int, headers: Mapping[str, str], key: str = ""
) -> UpstreamError:
    """`headers` by their names in lower case; `key` is what must not be told again."""
    return UpstreamError(
        classify(complaint, status),
        tellable(complaint.message, key),
        status=status if status >= 400 else complaint.status,
        retry_after_s=retry_after(headers, complaint.retry_delay),
        param=complaint.param or None,
    )


def failure_of_body(
    status: int, headers: Mapping[str, str], body: bytes, key: str = ""
) -> UpstreamError:
    """The error of a response whose status is one, or whose body turned out to be no answer."""
    text = body.decode("utf-8-sig", "replace").strip()
    value = _value_in(text)
    complaint = complaint_of_text(text) if value is None else complaint_of_body(value)
    return failure(complaint, status, headers, key)


def broken(detail: str = "", status: int | None = None) -> UpstreamError:
    """The answer is not one, or not a whole one."""
    return UpstreamError(ErrorKind.PROTOCOL, detail, status=status)


def tellable(text: str, key: str = "") -> str:
    """Cut to a size that a page can show, and without keys: services quote the one they refuse."""
    text = _KEYS.sub(MASK, masked(clean(text[: 4 * MOST_DETAIL]), key))
    return text if len(text) <= MOST_DETAIL else f"{text[: MOST_DETAIL - 1]}…"


def retry_after(headers: Mapping[str, str], retry_delay: str = "") -> float | None:
    """Seconds until the service wants to be asked again; the most precise source wins."""
    if (wait := _number(headers.get("retry-after-ms", ""))) is not None:
        return min(wait / 1000, MOST_WAIT_S)
    told = headers.get("retry-after", "")
    wait = _number(told)
    if wait is None:
        wait = _until(told)
    if wait is None:
        wait = _number(retry_delay.removesuffix("s"))
    return None if wait is None else min(wait, MOST_WAIT_S)


def _value_in(text: str) -> Any:
    """The JSON value of a body, None where it has none."""
    pieces: list[str | bytes] = [text, *_events_in(text)]
    for piece in pieces:
        try:
            return json.loads(piece)
        except (ValueError, RecursionError):
            continue
    return None


def _events_in(text: str) -> list[bytes]:
    """Some answer a refused request for a stream with an event, after comments perhaps."""
    stream = EventStream()
    try:
        events = stream.feed(text.encode("utf-8", "replace")) + stream.close()
    except LineTooLong:
        return []
    return [b"\n".join(event.data) for event in events]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _until(date: str) -> float | None:
    try:
        when = parsedate_to_datetime(date)
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
