"""Markdown in, safe HTML out: the adapter over the parser and the one-shot renderer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import comrak
from django.utils.safestring import SafeString

from conversations.rendering import bridging, footnotes, formulas, sanitise
from conversations.rendering.craft import Craft
from conversations.rendering.markup import rewrite

# Raise it when the same text gives other HTML: stored HTML of older versions is made anew.
VERSION = 4


# Heading ids and the parser's footnotes are off on purpose: both need ids that the page would
# share. For footnotes see there.
def _extensions(*, has_formulas: bool) -> comrak.ExtensionOptions:
    return comrak.ExtensionOptions(
        table=True,
        strikethrough=True,
        autolink=True,
        tasklist=True,
        cjk_friendly_emphasis=True,
        math_dollars=has_formulas,
        math_latex=has_formulas,
    )


_ALL = _extensions(has_formulas=True)
_WITHOUT_FORMULAS = _extensions(has_formulas=False)
# For each that opens and never closes, the parser reads on to the end of its block.
_MAX_OPENING = 2_000
_parsing = comrak.ParseOptions()
# Raw HTML is shown as text: dropping it would hide what the model wrote.
_rendering = comrak.RenderOptions(escape=True, sourcepos=True)

_UNWANTED = re.compile("\r\n?|[\x00\ud800-\udfff" + footnotes.COLON + bridging.PIER + "]")
_TAG = re.compile(r'<(/)?[a-z][a-z0-9]*(?: data-sourcepos="(\d+):[^"]*")?[^>]*?(/)?>')
_SOURCEPOS = re.compile(r' data-sourcepos="[^"]*"')


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block: its first line (from 1) and the parser's HTML, not yet sanitised."""

    start_line: int
    html: str

    @property
    def is_plain(self) -> bool:
        """Whether it was over a cap."""
        return self.html.startswith(sanitise.PLAIN)


def render(text: str) -> SafeString:
    craft = Craft()
    return sanitise.joined(dress(block, craft) for block in blocks(normalise(text)))


def normalise(text: str) -> str:
    """One kind of newline, and nothing that the parser would refuse."""
    if _UNWANTED.search(text):
        return _UNWANTED.sub(lambda bad: "\n" if bad[0][0] == "\r" else "\ufffd", text)
    return text


def dress(block: Block, craft: Craft, *, open_end: bool = False) -> SafeString:
    """A block's HTML as it goes to the page; `open_end` as in `rewrite`."""
    html = block.html if block.is_plain else rewrite(block.html, craft, open_end=open_end)
    return sanitise.clean(html + "\n")


def blocks(text: str, *, open_end: bool = False) -> list[Block]:
    """The top-level blocks of normalised text. What is over a cap comes as one plain block.

    `open_end`: more may follow.
    """
    if len(text) > sanitise.MAX_TEXT:
        return [Block(1, sanitise.plain(text))]
    # Not the parser's tree: handing deep nesting over to Python overflows the stack and takes
    # the process along. Its HTML writer doesn't recurse, and carries the line numbers too.
    guarded = footnotes.guard(bridging.bridge(text, open_end=open_end))
    html = comrak.markdown_to_html(guarded, _options(text), _parsing, _rendering)
    if len(html) > sanitise.MAX_HTML:
        return [Block(1, sanitise.plain(text))]
    return list(_blocks(text, html))


def _options(text: str) -> comrak.ExtensionOptions:
    opening = text.count("\\(") + text.count("\\[")
    return _WITHOUT_FORMULAS if opening > _MAX_OPENING else _ALL


@dataclass(slots=True)
class _Span:
    start: int
    line: int
    tags: int = 0
    depth: int = 0


def _blocks(text: str, html: str) -> Iterator[Block]:
    spans = _spans(html)
    lines = text.split("\n") if any(map(_over_cap, spans)) else []
    for span, following in zip(spans, [*spans[1:], None], strict=False):
        if _over_cap(span):
            last = following.line - 1 if following else None
            yield Block(span.line, sanitise.plain("\n".join(lines[span.line - 1 : last])))
        else:
            end = following.start if following else len(html)
            yield Block(span.line, _wrapped(_own(html[span.start : end])))


def _own(html: str) -> str:
    """One block's HTML with its formulas and notes marked, and no places."""
    marked = _SOURCEPOS.sub("", formulas.mark(html))
    return footnotes.unguard(bridging.unbridge(marked))


def _over_cap(span: _Span) -> bool:
    return span.depth > sanitise.MAX_DEPTH or span.tags > sanitise.MAX_TAGS


def _spans(html: str) -> list[_Span]:
    """Where each top-level element starts; escaped raw HTML after it counts as part of it."""
    spans: list[_Span] = []
    if html.strip() and not html.startswith("<"):
        spans.append(_Span(0, 1))
    depth = 0
    for tag in _TAG.finditer(html):
        closing, line, empty = tag.groups()
        if closing:
            depth -= 1
            continue
        if depth == 0:
            spans.append(_Span(tag.start(), int(line or 1)))
        span = spans[-1]
        span.tags += 1
        if not empty:
            depth += 1
            span.depth = max(span.depth, depth)
    return spans


def _wrapped(html: str) -> str:
    """Top-level raw HTML comes as bare text from the parser: make paragraphs of it."""
    end = html.rfind(">") + 1 if html.startswith("<") else 0
    bare = html[end:].strip()
    return f"{html[:end]}<p>{bare}</p>" if bare else html[:end]
