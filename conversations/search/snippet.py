"""The part of a text around the first hit, in pieces, so that a template can mark what was hit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from conversations.search.query import Query
from conversations.search.terms import fold

LEAD, _AFTER = 60, 180
# What is looked for is shorter than the overlap; a quoted row of words may be longer, and is marked
# where it is found.
_PART, _OVERLAP = 20_000, 1000
# Of Markdown, what is no more than noise in one line.
_NOISE = re.compile(r"\s+|`+|[*_~#=|-]{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_hit: bool


def snippet(text: str, query: Query, lead: int = LEAD) -> list[Piece]:
    """One line of the text around its first hit, with so many characters before it; its beginning
    where none is found."""
    at = _first_hit(text, query)
    start, end = _word_edge(text, at - lead), at + _AFTER
    pieces = marked(text[start:end], query)
    return [
        *([Piece("… ", is_hit=False)] if start else []),
        *(Piece(_NOISE.sub(" ", piece.text), piece.is_hit) for piece in pieces),
        *([Piece(" …", is_hit=False)] if end < len(text) else []),
    ]


def marked(text: str, query: Query) -> list[Piece]:
    """The whole text, its hits apart from what is between them."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _spans(text, query):
        pieces += [Piece(text[at:start], is_hit=False), Piece(text[start:end], is_hit=True)]
        at = end
    return [piece for piece in (*pieces, Piece(text[at:], is_hit=False)) if piece.text]


def _first_hit(text: str, query: Query) -> int:
    """Looked for part by part: most are near the beginning, and some texts are megabytes."""
    for start in range(0, len(text), _PART):
        part = text[start : start + _PART + _OVERLAP]
        if span := next(_spans(part, query), None):
            return start + span[0]
    return 0


def _spans(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Where the hits are in the text itself, which may be shorter or longer when folded."""
    if query.hits is None:
        return
    folded = fold(text)
    places = _places(text) if len(folded) != len(text) else range(len(text) + 1)
    for found in query.hits.finditer(folded):
        # An accent of its own belongs to the letter before; one character may fold to several.
        yield places[found.start()], max(places[found.end()], places[found.end() - 1] + 1)


def _places(text: str) -> list[int]:
    """Of each folded character, the place in the text that it came from."""
    ends = accumulate(len(fold(character)) for character in text)
    places: list[int] = []
    for place, end in enumerate(ends):
        places += [place] * (end - len(places))
    return [*places, len(text)]


def _word_edge(text: str, start: int) -> int:
    """A little later where a word would be cut; nowhere before the text."""
    if start <= 0:
        return 0
    space = text.find(" ", start, start + 20)
    return space + 1 if space >= 0 else start
