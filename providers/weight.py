"""What JSON becomes in memory, told before it is parsed.

Bytes alone say little: three of them are an empty list, which takes seventy, and one emoji makes
each letter beside it take four. Whoever means harm chooses what grows most.
"""

import re

MEGABYTE = 1024 * 1024
# Of one value with the text that it is parsed from. An image of seven megabytes fits in, and so
# does a list of ten thousand models.
MOST_WEIGHT = 32 * MEGABYTE
# An answer or a list that comes whole is in memory three times while it is read.
MOST_WHOLE_BYTES = 10 * MEGABYTE
# Less than this cannot become too much.
LIGHT = 512 * 1024
# What each of these signs costs at the most, with the value that it begins or ends.
_COSTS = {b",": 40, b"[": 64, b"{": 144, b":": 24, b'"': 16}
# What takes four bytes for each letter, and what takes two.
_WIDEST = re.compile(rb"[\xf0-\xf7]|\\u[dD][89a-bA-B]")
_WIDE = re.compile(rb"[\xc4-\xff]|\\u(?!00)")


def is_too_heavy(data: bytes | bytearray, most: int = MOST_WEIGHT) -> bool:
    """Whether the JSON in these bytes would take more than `most` bytes."""
    return len(data) > LIGHT and weight(data) > most


def weight(data: bytes | bytearray) -> int:
    """In bytes, nearer to too much than to too little."""
    structure = sum(data.count(sign) * cost for sign, cost in _COSTS.items())
    return structure + 2 * len(data) * _width(data)


def _width(data: bytes | bytearray) -> int:
    if data.isascii() and b"\\u" not in data:
        return 1
    if _WIDEST.search(data):
        return 4
    return 2 if _WIDE.search(data) else 1
