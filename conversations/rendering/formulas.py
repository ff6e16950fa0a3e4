"""LaTeX to MathML: which of the parser's formulas are meant as such, and what a browser gets.

The library puts what it does not know into the tree as it came, so its own output is never used:
the tree is written out here, text escaped, with the tags and attributes of `mathml` alone.
"""

import re
from html import unescape

from latex2mathml.converter import convert_to_element

from conversations.rendering.mathml import written
from conversations.rendering.tex import defines_macros, plainer

# Some 7 microseconds a character, so a formula costs 30 ms at most.
MAX_FORMULA = 4_000
MAX_TEXT_FORMULAS = 40_000
_FEE = 20
# An open block is sanitised and sent again with each change: past this it shows the TeX.
_MAX_OPEN = 24_000

_MARKED = re.compile(
    r'(.?)<span data-math-style="(inline|display)"'
    r' data-sourcepos="(\d+):(\d+)-(\d+):(\d+)">([^<]*)</span>(?=(.?))',
    re.DOTALL,
)
_SPAN = re.compile(r'<span class="(tex|tex-block)">([^<]*)</span>')
_WORD = re.compile(r"[A-Za-z0-9]")
# "$5 each, 6$" and "A$, US$": money, and what stands between two names of it.
_PRICE = re.compile(
    r"\d[\d.,]*\s*(?:[A-Za-z]{2,}|[\u3400-\u9fff])|[,;:\u3001\u3002\uff0c]|\d[^\\]*[,;]\Z"
)


def mark(html: str) -> str:
    """The parser's formulas, still with their places, as `<span class="tex">` or "tex-block"; a
    dollar that means money is a dollar again."""
    return _MARKED.sub(_marked, html) if "data-math-style" in html else html


def _marked(found: re.Match[str]) -> str:
    before, style, line, start, last_line, end, tex, after = found.groups()
    if style == "display":
        return f'{before}<span class="tex-block">{tex}</span>'
    is_whole = line == last_line
    # Two more characters than the formula has: "$", and not "\(".
    is_dollar = is_whole and int(end) - int(start) + 1 == len(unescape(tex).encode()) + 2
    if is_dollar and (_WORD.match(before) or _WORD.match(after) or _PRICE.match(unescape(tex))):
        return f"{before}${tex}$"
    return f'{before}<span class="tex">{tex}</span>'


class Typesetter:
    """Sets one text's formulas in their order, until the text's budget is spent."""

    def __init__(self) -> None:
        self.spent = 0
        self._known: dict[tuple[str, bool], str] = {}

    def typeset(self, html: str, *, open_end: bool) -> str:
        """The HTML of a block with its formulas as MathML. `open_end` as in `rewrite`."""
        size = 0

        def set_one(found: re.Match[str]) -> str:
            nonlocal size
            tex, is_block = unescape(found[2]), found[1] == "tex-block"
            self._count(tex)
            if self.spent > MAX_TEXT_FORMULAS or (open_end and size > _MAX_OPEN):
                return found[0]
            math = self._math(tex, is_block)
            size += len(math)
            return math or found[0]

        return _SPAN.sub(set_one, html)

    def skip(self, html: str) -> None:
        """Count the formulas of a block as set."""
        for found in _SPAN.finditer(html):
            self._count(unescape(found[2]))

    def forget(self) -> None:
        """Drop what is kept of set formulas; the budget stays spent."""
        self._known.clear()

    def _count(self, tex: str) -> None:
        self.spent += len(tex) + _FEE

    def _math(self, tex: str, is_block: bool) -> str:
        # An open block is rendered again and again with the same formulas in it.
        if (tex, is_block) not in self._known:
            self._known[tex, is_block] = mathml(tex, is_block=is_block)
        return self._known[tex, is_block]


def mathml(tex: str, *, is_block: bool) -> str:
    """`tex` as `<math>`; '' where it cannot be set, and its source has to be shown."""
    if len(tex) > MAX_FORMULA or defines_macros(tex):
        return ""
    try:
        tree = convert_to_element(plainer(tex), display="block" if is_block else "inline")
        return written(tree, tex.strip())
    except Exception:  # of any kind, also its own for what is no LaTeX: it has no common one
        return ""
