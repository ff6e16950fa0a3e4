"""The gaps of a saved prompt: `{{name}}` in its text is asked for before the text is used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# More of them are left as they stand.
MOST_GAPS = 20
# So that a database may look for one as well.
GAP = r"\{\{[ \t]*([^{}\s](?:[^{}\n]{0,58}[^{}\s])?)[ \t]*\}\}"
_GAP = re.compile(GAP)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text as it stands, or the gap with this number."""

    text: str = ""
    gap: int | None = None


def gaps_in(text: str) -> list[str]:
    """Their names in the order of the text, each once."""
    return list(dict.fromkeys(_GAP.findall(text)))[:MOST_GAPS]


def pieces_of(text: str) -> list[Piece]:
    numbers = {name: number for number, name in enumerate(gaps_in(text))}
    pieces, end = [], 0
    for found in _GAP.finditer(text):
        if found[1] in numbers:
            pieces += [Piece(text[end : found.start()]), Piece(gap=numbers[found[1]])]
            end = found.end()
    return [*pieces, Piece(text[end:])]


def filled(text: str, values: Mapping[int, str]) -> str:
    """With a value for each gap, by its number; what is in a value is no gap."""
    pieces = pieces_of(text)
    return "".join(
        piece.text if piece.gap is None else values.get(piece.gap, "") for piece in pieces
    )


def filled_size(text: str, values: Mapping[int, str]) -> int:
    """Of `filled`, in bytes, without making it: a gap may stand in a text ten thousand times."""
    sizes = {gap: len(value.encode()) for gap, value in values.items()}
    return sum(
        len(piece.text.encode()) if piece.gap is None else sizes.get(piece.gap, 0)
        for piece in pieces_of(text)
    )
