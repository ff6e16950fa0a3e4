"""When more text only makes the last text node longer, so that nothing need be parsed.

Each class answers two questions about text that follows what was parsed: `fits` (is it plain
continuation?) and `take` (which characters does the page add?). A wrong yes would show something
else than the parser would, so every doubt is a no.
"""

import re
from html import unescape
from typing import Protocol

from conversations.rendering.markup import open_code
from conversations.rendering.sanitise import text_end

# Characters that can begin or end markup anywhere in a line; of blanks, only the space is plain.
_ALWAYS = r"\x00-\x1f\x7f-\x9f\\*_~`\[\]<>&|#$;\s"
_MARKUP = re.compile(rf"(?! )[{_ALWAYS}]")
# Inside a link's address, its closing turns the text before it into a link.
_MARKUP_IN_LINK = re.compile(rf"(?! )[{_ALWAYS}()\"']")
_ADDRESS_START = re.compile(r"\]\(")
_ADDRESS_END = re.compile(r"[^()<\"'\\\s]*\)")
_MAYBE_ADDRESS = re.compile(r"[.:@/]")
# Autolinks. The last part: too long to see whether an "@" came before.
_ADDRESS = re.compile(r"://|www\.|@[\w.+-]*\.|\A[\w.+-]{250}", re.IGNORECASE)
_REACH = 260

_FENCE = re.compile(r"(`{3,}|~{3,})([^\n]*)\n")
_FENCE_START = re.compile(r" {0,3}(`{3,}|~{3,})[^\n]*\n")
_LINE_REACH = 8


class Continuation(Protocol):
    """What may follow the parsed text."""

    def fits(self, text: str) -> bool: ...
    def take(self, text: str) -> str: ...


class Prose:
    """The open line of a paragraph, heading, list item, quote or table cell."""

    def __init__(self, source: str, held: str, markup: re.Pattern[str]) -> None:
        self._markup = markup
        # An address has no blanks: only its first letters can stand before what comes.
        self._near = _last_word(source)
        # The parser drops blanks at the end of a block: they wait for what follows them.
        self._held = held

    @classmethod
    def after(cls, source: str, html: str) -> "Prose | None":
        """None unless `html` visibly ends with the text that `source` ends with."""
        line = source[source.rfind("\n") + 1 :]
        shown = line.rstrip(" ")
        markup = _MARKUP if _are_links_closed(source) else _MARKUP_IN_LINK
        run = _plain_end(shown, _MARKUP_IN_LINK if "](" in source else _MARKUP).strip(" ")
        # Two characters, since the emphasis rules look at the two beside a run of asterisks.
        if len(run) < 2 or not _is_settled(line, source, html) or not _ends_with(html, run):
            return None
        word = line[line.rfind(" ") + 1 :]
        return None if _ADDRESS.search(word) else cls(source, line[len(shown) :], markup)

    def fits(self, text: str) -> bool:
        shown = text.rstrip(" \n")
        if not shown:
            return True
        # The next line may be anything; a newline itself shows nothing.
        if "\n" in self._held or self._markup.search(shown):
            return False
        return not (_MAYBE_ADDRESS.search(shown) and _ADDRESS.search(self._near + shown))

    def take(self, text: str) -> str:
        self._near = _last_word(self._near + text)
        if not text.rstrip(" \n"):
            self._held += text
            return ""
        text = self._held + text
        shown = text.rstrip(" \n")
        self._held = text[len(shown) :]
        return shown


def _last_word(text: str) -> str:
    return text[text.rfind(" ", -_REACH) + 1 :][-_REACH:]


class Fence:
    """Lines of an open code fence that is the only block and stands at the margin."""

    def __init__(self, marker: str, code: str) -> None:
        self._closing = re.compile(rf"^ {{0,3}}{re.escape(marker[0])}", re.MULTILINE)
        self._line = _line_start(code)
        # The last newline is not shown before there is something after it.
        self._held = "\n" if code.endswith("\n") else ""

    @classmethod
    def after(cls, source: str, html: str) -> "Fence | None":
        """`html` is the parser's for `source`, which is one block."""
        opening = _FENCE.match(source)
        if not opening or not html.startswith("<pre><code"):
            return None
        code = source[opening.end() :]
        fence = cls(opening[1], "")
        same = open_code(html).removesuffix("\n") == code.removesuffix("\n")
        return cls(opening[1], code) if same and fence.fits(code) else None

    def fits(self, text: str) -> bool:
        return not self._closing.search(self._line + text)

    def take(self, text: str) -> str:
        self._line = _line_start(self._line + text)
        text = self._held + text
        shown = text.removesuffix("\n")
        self._held = text[len(shown) :]
        return shown


def decidable(source: str) -> str:
    """The lines whose block can't change any more: all but, perhaps, the open one.

    "#" alone is a heading, but "#tag" is not, so "para\\n#" must not end the paragraph yet.
    """
    start = source.rfind("\n") + 1
    line = source[start:]
    # An info string with a backtick makes a fence a paragraph after all.
    is_settled = _starts_for_good(line) and not line.lstrip().startswith("```")
    return source if is_settled else source[:start]


def is_closed_fence(source: str) -> bool:
    """Whether `source` starts with a code fence and has its closing line."""
    opening = _FENCE_START.match(source)
    if not opening:
        return False
    char, length = opening[1][0], len(opening[1])
    closing = re.compile(rf"^ {{0,3}}{char}{{{length},}}[ \t]*$", re.MULTILINE)
    return bool(closing.search(source, opening.end()))


def _plain_end(line: str, markup: re.Pattern[str]) -> str:
    start = 0
    for found in markup.finditer(line):
        start = found.end()
    return line[start:]


def _are_links_closed(source: str) -> bool:
    return all(_ADDRESS_END.match(source, found.end()) for found in _ADDRESS_START.finditer(source))


def _is_settled(line: str, source: str, html: str) -> bool:
    """Whether plain text after `line` stays in its block and is shown at the end of `html`.

    "]:" makes a link definition, which shows nothing; code keeps its blanks; and what follows a
    link is not the link's.
    """
    closing = html[text_end(html) :]
    return (
        _starts_for_good(line)
        and "]:" not in source
        and "</code>" not in closing
        and "</a>" not in closing
        and ("|" not in line or "</table>" not in closing or _has_column(line, html))
    )


def _starts_for_good(line: str) -> bool:
    """Whether the rest of `line` can no longer change which block it belongs to.

    A letter ends every list marker, rule and underline; "<" may start an HTML block whose kind
    is still open.
    """
    return "<" not in line and any(char.isalpha() for char in line)


def _has_column(line: str, html: str) -> bool:
    """Whether the last cell of `line` is shown: a row's cells beyond the head's are dropped."""
    head = html[html.rindex("<table") :]
    columns = head.count("<th>") + head.count("<th ")
    return "\\" not in line and line.lstrip().removeprefix("|").count("|") < columns


def _ends_with(html: str, run: str) -> bool:
    end = text_end(html)
    text = unescape(html[html.rfind(">", 0, end) + 1 : end])
    return bool(text) and (text.endswith(run) or run.endswith(text))


def _line_start(text: str) -> str:
    """The start of the last line: as much as decides whether it can close the fence."""
    start = text.rfind("\n") + 1
    return text[start : start + _LINE_REACH]
