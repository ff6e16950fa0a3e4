"""A key taken out of what a service says: whole, in parts, and in the spellings of the web."""

import base64
import html
import re
import unicodedata
from collections.abc import Callable, Iterator

# Shorter parts are words like any other, and give nothing away.
WINDOW = 8
# A key that is shorter than this whole is a word too, and no secret.
SHORTEST = 4
MASK = "[key]"
# A sign spelt as several: &#x73; \u0073 \x73 %73, and what is no letter: &nbsp; \n
_SPELT = re.compile(
    r"&\#?\w{1,24};|\\+u(?:00)?([0-9a-fA-F]{2,4})|\\+x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|\\+[nrtbf]"
)

Span = tuple[int, int]


def masked(text: str, key: str) -> str:
    """The text with MASK for the key and for each part of it of WINDOW characters or more.

    Neither case nor blanks, signs and invisible characters in between make it another key.
    """
    kept: list[str] = []
    end = 0
    for start, stop in sorted({*_spans_as_written(text, key), *_spans_as_read(text, key)}):
        if start > end or not kept:
            kept += [text[end:start], MASK]
        end = max(end, stop)
    return "".join([*kept, text[end:]])


def _spans_as_written(text: str, key: str) -> Iterator[Span]:
    yield from _found(text, _parts(key, lambda part: part))


def _spans_as_read(text: str, key: str) -> Iterator[Span]:
    """Where the letters and digits of the key, or of another form of it, stand in this order."""
    parts = _parts(key, _letters)
    for form in _forms(key):
        parts |= _windows(_letters(form))
    letters = list(_letters_of(text))
    for start, stop in _found("".join(letter for letter, _span in letters), parts):
        yield letters[start][1][0], letters[stop - 1][1][1]


def _found(text: str, parts: set[str]) -> Iterator[Span]:
    for size in {len(part) for part in parts}:
        for start in range(len(text) - size + 1):
            if text[start : start + size] in parts:
                yield start, start + size


def _parts(key: str, read: Callable[[str], str]) -> set[str]:
    """A short key is one part."""
    told = read(key)
    return _windows(told) or ({told} if len(told) >= SHORTEST else set())


def _windows(form: str) -> set[str]:
    return {form[i : i + WINDOW] for i in range(len(form) - WINDOW + 1)}


def _letters(text: str) -> str:
    return "".join(letter for letter, _span in _letters_of(text))


def _letters_of(text: str) -> Iterator[tuple[str, Span]]:
    """Letters and digits, in small, each with the place where it is spelt in the text."""
    end = 0
    for spelt in _SPELT.finditer(text):
        yield from _plain(text, end, spelt.start())
        end = spelt.end()
        for letter in _folded(_meant(spelt)):
            yield letter, spelt.span()
    yield from _plain(text, end, len(text))


def _plain(text: str, start: int, stop: int) -> Iterator[tuple[str, Span]]:
    for place in range(start, stop):
        for letter in _folded(text[place]):
            yield letter, (place, place + 1)


def _meant(spelt: re.Match[str]) -> str:
    if code := next(filter(None, spelt.groups()), ""):
        return chr(int(code, 16))
    return html.unescape(spelt[0]) if spelt[0].startswith("&") else ""


def _folded(sign: str) -> str:
    told = unicodedata.normalize("NFKC", sign).casefold()
    return "".join(letter for letter in told if letter.isalnum())


def _forms(key: str) -> Iterator[str]:
    raw = key.encode("utf-8", "replace")
    yield raw.hex()
    # In base64 the letters depend on what stands before, modulo three.
    for skipped in range(3):
        groups = raw[skipped : skipped + (len(raw) - skipped) // 3 * 3]
        yield base64.b64encode(groups).decode()
        yield base64.urlsafe_b64encode(groups).decode()
