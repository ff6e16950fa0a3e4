"""What is looked for: the words of a search field, as terms of the index. Pure.

All words have to be there, in any order; the last few may be only begun, so that "data" finds
databases; what stands in quotes, and writing without spaces, has to stand there as it is. No
character has any other meaning.
"""

import re
from dataclasses import dataclass

from conversations.search.terms import GAP, LETTER, fold, pairs, pieces

LENGTH = 200
# Each costs a look into the index: nobody remembers more words of what they search for.
_MOST_TERMS = 12
# And the beginning of a common word a hundred times as many as the word itself.
_MOST_STARTS = 2
_QUOTED = re.compile(r"\"([^\"]*)\"|“([^”]*)”|「([^」]*)」")


@dataclass(frozen=True, slots=True)
class Query:
    """`terms` stand in the text, `starts` begin a word of it, and each of `phrases` matches the
    folded text: the index knows no order, so that is for the reader of the text to look at.
    `hits` matches whatever is to be marked, and is None where there is nothing to look for."""

    terms: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    phrases: tuple[re.Pattern[str], ...] = ()
    hits: re.Pattern[str] | None = None

    def __bool__(self) -> bool:
        return bool(self.terms or self.starts)

    def fits(self, folded: str) -> bool:
        return all(phrase.search(folded) for phrase in self.phrases)


def parse(words: str) -> Query:
    words = fold(words[:LENGTH])
    quoted = [list(pieces("".join(found.groups("")))) for found in _QUOTED.finditer(words)]
    loose = [[piece] for piece in pieces(_QUOTED.sub(" ", words))]
    starts = _begun([word for [(_run, word)] in loose])
    whole = [[piece] for [piece] in loose if piece[1] not in starts]
    rows = [parts for parts in (*quoted, *whole) if parts]
    terms = dict.fromkeys(term for parts in rows for part in parts for term in _terms_of(*part))
    phrases = [_row_of(parts) for parts in rows if len(parts) > 1 or len(parts[0][0]) > 2]
    hits = [rf"(?<!{LETTER}){re.escape(word)}" for word in starts] + list(map(_row_of, rows))
    # The longest first: of several that begin at one place, a pattern takes the first.
    marked = "|".join(sorted(dict.fromkeys(hits), key=len, reverse=True))
    return Query(
        tuple(terms)[: _MOST_TERMS - len(starts)],
        starts,
        tuple(map(re.compile, dict.fromkeys(phrases))),
        re.compile(marked) if marked else None,
    )


def _begun(words: list[str]) -> tuple[str, ...]:
    """The last ones; a single letter begins too much."""
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))[-_MOST_STARTS:]


def _terms_of(run: str, word: str) -> list[str]:
    return [word] if word else (pairs(run) or [run])


def _row_of(parts: list[tuple[str, str]]) -> str:
    """These one after another, with nothing but signs and spaces between them."""
    row = GAP.join(re.escape(run or word) for run, word in parts)
    before = rf"(?<!{LETTER})" if parts[0][1] else ""
    return before + row + (rf"(?!{LETTER})" if parts[-1][1] else "")
