"""A key taken out of what a service says: whole, in parts, and in the spellings of the web."""

import base64
from collections.abc import Iterator
from urllib.parse import quote

# Shorter parts are words like any other, and give nothing away.
WINDOW = 8
MASK = "[key]"


def masked(text: str, key: str) -> str:
    """The text with MASK for every part of the key of WINDOW characters or more."""
    parts = {form[i : i + WINDOW] for form in _forms(key) for i in range(len(form) - WINDOW + 1)}
    kept: list[str] = []
    end = 0
    for start in range(len(text) - WINDOW + 1) if parts else ():
        if text[start : start + WINDOW] not in parts:
            continue
        if start > end or not kept:
            kept += [text[end:start], MASK]
        end = start + WINDOW
    return "".join([*kept, text[end:]])


def _forms(key: str) -> Iterator[str]:
    raw = key.encode("utf-8", "replace")
    yield key
    yield quote(key, safe="")
    for digits in (raw.hex(), raw.hex().upper()):
        yield digits
        yield "".join(f"%{digits[i : i + 2]}" for i in range(0, len(digits), 2))
    # In base64 the letters depend on what stands before, modulo three.
    for skipped in range(3):
        groups = raw[skipped : skipped + (len(raw) - skipped) // 3 * 3]
        yield base64.b64encode(groups).decode()
        yield base64.urlsafe_b64encode(groups).decode()
