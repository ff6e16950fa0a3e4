"""Cutting JSON into its conversations without having all of it in memory.

A file is an array of conversations, or one after the other on lines of their own, or a single one,
or, as this site writes them, an object with some words about itself and the array `conversations`.
Only brackets and quotes are looked at here: what is between them is JSON's own parser's to judge,
piece by piece, so that a broken one costs nothing but itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from conversations.importing.head import HEAD, is_own
from conversations.importing.values import Fault, Reason, UnreadableError

# Of one conversation, in characters. Its objects take several times as much memory.
LONGEST = 32 * 1024 * 1024
# So many times that in what this site wrote, for 48 MB of images. Most of such a text is
# base64: one byte for each character, and as many again while it is parsed. At the worst, with a
# single emoji in it, it takes 256 MB until its objects are made.
OWN_TIMES = 2
# The parser of JSON goes down one call for each level.
DEEPEST = 400
# What the name of the array takes, with some space.
_NAME = 64
_OUTSIDE = re.compile(r'["\[\]{}]')
_INSIDE = re.compile(r'["\\]')
_CONVERSATIONS = re.compile(r'"conversations"\s*:\s*$')


@dataclass(frozen=True, slots=True)
class Piece:
    """The JSON of one entry, or why there is none. `head` is how the object began that they are in;
    `row` numbers the lists of a file that has several, from 1, 0 for what is in none."""

    text: str
    broken: Reason | None = None
    head: str = ""
    row: int = 0


class Cutter:
    """Takes text as it comes; `end` tells whether the file ended where it should."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = self._most = longest
        self._depth = self._base = self._deepest = 0
        self._in_string = self._is_escaped = self._is_open = self._is_tail = False
        self._parts: list[str] = []
        self._length = self._rows = 0
        self._head = self._first = self._last = ""

    def cut(self, chunk: str) -> Iterator[Piece]:
        at = start = 0
        if self._is_escaped and chunk:
            at, self._is_escaped = 1, False
        while found := (_INSIDE if self._in_string else _OUTSIDE).search(chunk, at):
            at, sign = found.end(), found[0]
            if sign == "\\":
                self._is_escaped = at >= len(chunk)
                at += 1
            elif sign == '"':
                self._in_string = not self._in_string
            elif sign in "[{":
                start = self._go_down(sign, chunk, start, at)
            else:
                if piece := self._come_up(chunk, start, at):
                    yield piece
                start = at if not self._is_open else start
        self._keep(chunk[start:])

    def end(self) -> Piece | None:
        """What is wrong with the end, if anything is."""
        is_whole = not (self._is_open or self._in_string or self._base or self._depth)
        return None if is_whole else self._piece("", Reason.TRUNCATED)

    def _go_down(self, sign: str, chunk: str, start: int, at: int) -> int:
        """The place from which on the chunk is still to be kept."""
        self._depth += 1
        if self._is_open:
            if self._depth == 2 and sign == "[" and self._base == 0:
                return self._enter_conversations(chunk, start, at)
            self._deepest = max(self._deepest, self._depth - self._base)
            return start
        self._skip(chunk[start : at - 1])
        if sign == "[" and self._base == 0 and not self._is_tail:
            self._base, self._rows = 1, self._rows + 1
            return at
        self._is_open, self._deepest = True, 1
        return at - 1

    def _enter_conversations(self, chunk: str, start: int, at: int) -> int:
        near = self._last + chunk[max(start, at - 1 - _NAME) : at - 1]
        if not _CONVERSATIONS.search(near[-_NAME:]):
            return start
        self._head = (self._first + chunk[start : min(at - 1, start + HEAD)])[:HEAD]
        if is_own(self._head):
            self._longest = self._most * OWN_TIMES
        self._base, self._is_open = 2, False
        self._drop()
        return at

    def _come_up(self, chunk: str, start: int, at: int) -> Piece | None:
        self._depth -= 1
        if self._is_open and self._depth == self._base:
            self._keep(chunk[start:at])
            return self._taken()
        if not self._is_open and self._depth < self._base:
            # The array has ended, or the object around it.
            self._skip(chunk[start : at - 1])
            self._is_tail = self._base == 2
            self._base = 1 if self._is_tail else 0
        self._depth = max(self._depth, 0)
        return None

    def _taken(self) -> Piece:
        text, length, deepest = "".join(self._parts), self._length, self._deepest
        self._is_open = False
        self._drop()
        if length > self._longest:
            return self._piece("", Reason.TOO_LARGE)
        if deepest > DEEPEST:
            return self._piece("", Reason.TOO_DEEP)
        return self._piece(text)

    def _piece(self, text: str, broken: Reason | None = None) -> Piece:
        return Piece(text, broken, self._head, self._rows if self._base == 1 else 0)

    def _keep(self, text: str) -> None:
        if not self._is_open:
            self._skip(text)
            return
        self._length += len(text)
        self._first = (self._first + text[:HEAD])[:HEAD]
        self._last = (self._last + text[-_NAME:])[-_NAME:]
        if self._length > self._longest:
            self._parts.clear()
        else:
            self._parts.append(text)

    def _skip(self, text: str) -> None:
        """Between entries there is nothing but space and commas, or this is no such file."""
        if not (self._base or self._is_tail) and text.strip(" \t\r\n,"):
            raise UnreadableError(Fault.NOT_JSON)

    def _drop(self) -> None:
        self._parts, self._length = [], 0
        self._first = self._last = ""


def pieces(chunks: Iterator[str], longest: int = LONGEST) -> Iterator[Piece]:
    first, is_whole = _first_line(chunks, longest)
    if is_whole and _goes_by_line(first):
        yield from _by_line(chain([first], chunks), longest)
        return
    cutter = Cutter(longest)
    for chunk in chain([first], chunks):
        yield from cutter.cut(chunk)
    if rest := cutter.end():
        yield rest


def _first_line(chunks: Iterator[str], longest: int) -> tuple[str, bool]:
    """All of it and what else was read, and whether there are more."""
    read, length = [], 0
    for chunk in chunks:
        read.append(chunk)
        length += len(chunk)
        if "\n" in chunk or length > longest or not read[0].lstrip().startswith("{"):
            break
    text = "".join(read).lstrip()
    return text, "\n" in text


def _goes_by_line(text: str) -> bool:
    """Whether the first line is an entry by itself, or a list with another list after it."""
    line, _, rest = text.partition("\n")
    cutter = Cutter()
    try:
        count = len(list(cutter.cut(line)))
    except UnreadableError:
        return False
    if line.startswith("["):
        return not cutter.end() and rest.lstrip().startswith("[")
    return count == 1 and not cutter.end() and not rest.startswith("]")


def _by_line(chunks: Iterator[str], longest: int) -> Iterator[Piece]:
    """Each line by itself: one that is broken, or too long, takes no other with it."""
    held, is_too_long, number = "", False, 0
    for chunk in chunks:
        *lines, held = (held + chunk).split("\n")
        if is_too_long and lines:
            # Its end. It was told of when it became too long.
            lines, is_too_long = lines[1:], False
        for line in filter(str.strip, lines):
            number += 1
            yield from _line(line, number, longest)
        if is_too_long:
            held = ""
        elif len(held) > longest:
            yield Piece("", Reason.TOO_LARGE)
            held, is_too_long = "", True
    if held.strip():
        yield from _line(held, number + 1, longest)


def _line(text: str, number: int, longest: int) -> list[Piece]:
    """One entry, or all of a list."""
    cutter, is_list = Cutter(longest), text.lstrip().startswith("[")
    try:
        found = list(cutter.cut(text))
    except UnreadableError:
        found = []
    if cutter.end() or (len(found) != 1 and not is_list):
        return [Piece("", Reason.NOT_JSON, row=number if is_list else 0)]
    return [replace(piece, row=number) for piece in found] if is_list else found
