"""A text as the index holds it: folded, and cut into terms. Pure.

Writing that puts no spaces between words becomes its characters and each pair of neighbours: a
word of one or two characters is one term, a longer one is a row of pairs.
"""

import re
import unicodedata
from collections.abc import Iterator

# Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer; and emoji, which stand close as well.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U0001f300-\U0001faff"
    "\U00020000-\U000323af"
)
# The vowel signs of Indian writing are marks and no letters, and yet inside of words.
LETTER = f"(?:[^\\W_{UNSPACED}]|[\u0900-\u0dff])"
# What may stand between two of them and is part of neither: else a pattern of several would try
# each way to share out a long text.
GAP = f"(?:[^\\w{UNSPACED}\u0900-\u0dff]|_)*"
_TERMS = re.compile(f"([{UNSPACED}]+)|({LETTER}+)")
# The same one kind at a time, and several times as fast: each answer goes through them.
_WORDS = re.compile(f"(?:[^\\W_{UNSPACED}]+|[\u0900-\u0dff]+)+")
_RUNS = re.compile(f"[{UNSPACED}]+")
_LONGEST_WORD = 40
# Postgres holds no more than a megabyte of terms for one text.
_MOST_BYTES = 900_000
_MOST_FOLDINGS = 20_000


class _Folding(dict[int, str]):
    """For str.translate: no case, no accents, no widths; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code)).casefold()
        kept = "".join(c for c in decomposed if not _is_accent(c))
        folded = unicodedata.normalize("NFC", kept)
        # All there are would be a hundred megabytes.
        if len(self) < _MOST_FOLDINGS:
            self[code] = folded
        return folded


def _is_accent(c: str) -> bool:
    """Those of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic."""
    return "\u0300" <= c <= "\u036f" or "\u0591" <= c <= "\u05c7" or "\u064b" <= c <= "\u065f"


FOLDING = _Folding()


def fold(text: str) -> str:
    """So that texts which differ in case, accents or width alone are the same."""
    return text.translate(FOLDING)


def pieces(folded: str) -> Iterator[tuple[str, str]]:
    """Runs of writing without spaces as `(run, "")`, words as `("", word)`, in their order."""
    for found in _TERMS.finditer(folded):
        yield found[1] or "", (found[2] or "")[:_LONGEST_WORD]


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def stored_terms(text: str, marks: list[str]) -> str:
    """What the index keeps of a text: `marks` first, then each of its terms once."""
    folded = fold(text)
    terms = dict.fromkeys(marks)
    terms.update(dict.fromkeys(word[:_LONGEST_WORD] for word in _WORDS.findall(folded)))
    for run in () if folded.isascii() else _RUNS.findall(folded):
        terms.update(dict.fromkeys([*run, *pairs(run)]))
    stored = " ".join(terms)
    if len(stored) * 4 <= _MOST_BYTES:
        return stored
    return stored.encode()[:_MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]
