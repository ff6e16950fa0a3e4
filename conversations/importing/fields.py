"""Reading JSON that others made: each field is what it should be, or as if it were not there."""

import math
from datetime import UTC, datetime
from typing import Any

from providers.text import clean

# Until the year 9999 in seconds; what is larger is in milliseconds.
_LAST_SECOND = 253_402_300_799
# Before that nobody talked to a machine, and some forms write an empty time as the year 1.
_FIRST_YEAR = 1970
_LONGEST_NAME = 255


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def name(value: object) -> str:
    return text(value)[:_LONGEST_NAME]


def key(value: object) -> str:
    """An id, be it a word or a number; '' for none."""
    is_id = isinstance(value, str | int) and not isinstance(value, bool)
    return clean(str(value))[:_LONGEST_NAME] if is_id else ""


def count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return value if is_count and 0 <= value < 2**31 else None  # type: ignore[operator,return-value]


def moment(value: object) -> datetime | None:
    """From seconds or milliseconds since 1970, or as ISO 8601 has it; UTC where it does not say."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool) and _is_time(value):
            seconds = value / 1000 if value > _LAST_SECOND else value
            found = datetime.fromtimestamp(seconds, UTC)
        else:
            return None
        at = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.year >= _FIRST_YEAR else None


def _is_time(value: float) -> bool:
    return math.isfinite(value) and 0 < value <= _LAST_SECOND * 1000
