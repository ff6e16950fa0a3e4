"""Blank lines inside of displayed formulas, which would end the paragraph and the formula with it.

Only where a line opens one, "$$" or "\\[" first in it, and closes none. Not far: a line that opens
what nobody ever closes must not make one paragraph of all that follows.
"""

import re

#: Stands in a blank line meanwhile. No text has it: it is not a character (`normalise` sees to it).
PIER = "\ufdd1"
_MOST_LINES = 40
_BLANK = re.compile(r"\n[ \t]*\n")
_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
# What ends a paragraph without any blank line.
_OTHER_BLOCK = re.compile(r"#{1,6}\s|[-+*]\s|\d{1,9}[.)]\s|>|`{3}|~{3}|\|")
_CLOSING = {"$$": "$$", "\\[": "\\]"}


def bridge(text: str, *, open_end: bool) -> str:
    """`text` with a pier in each blank line of a formula. `open_end`: it may still grow, and with
    it a formula that is not closed yet."""
    if not any(opening in text for opening in _CLOSING) or not _BLANK.search(text):
        return text
    lines = text.split("\n")
    at, fence = 0, ""
    while at < len(lines):
        line = lines[at].strip()
        if found := _FENCE.match(line):
            fence = _after_fence(fence, found)
        elif not fence and (closing := _awaited(line)):
            at = _build(lines, at, _last(lines, at, closing, open_end=open_end))
        at += 1
    return "\n".join(lines)


def unbridge(html: str) -> str:
    return html.replace(PIER, "")


def _after_fence(fence: str, found: re.Match[str]) -> str:
    """The fence that is open after this line, '' for none."""
    marker, rest = found.groups()
    if not fence:
        return marker
    return "" if marker.startswith(fence) and not rest else fence


def _awaited(line: str) -> str:
    """What closes the formula that this line opens; '' if it opens none."""
    closing = _CLOSING.get(line[:2], "")
    return "" if closing and closing in line[2:] else closing


def _last(lines: list[str], at: int, closing: str, *, open_end: bool) -> int:
    """The last line of the formula that is opened at `at`; `at` itself if there is none."""
    written = at
    for number in range(at + 1, min(at + _MOST_LINES, len(lines))):
        line = lines[number].strip()
        if closing in line:
            return number
        if _OTHER_BLOCK.match(line):
            return at
        written = number if line else written
    return written if open_end and len(lines) <= at + _MOST_LINES else at


def _build(lines: list[str], start: int, end: int) -> int:
    for number in range(start + 1, end):
        if not lines[number].strip():
            lines[number] = PIER
    return end
