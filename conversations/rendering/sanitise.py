"""The last gate: whatever the parser made, only these tags and attributes reach a page."""

import re
from collections.abc import Iterable
from html import escape

import nh3
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from conversations.rendering import mathml
from conversations.rendering.highlight import CLASSES, DIAGRAM, LANGUAGES

# No `img` (showing a chat makes no request), no forms, and no id, name, style or hx-*: an answer
# can neither speak to the page's scripts nor pass for the site's own controls.
TAGS = frozenset(
    {
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "span",
        "strong",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
ALIGN_CLASSES = frozenset({"align-left", "align-center", "align-right"})
SPAN_CLASSES = frozenset(
    {"task-open", "task-done", "link-host", "image-alt", "tex", "tex-block", "note-label"}
)
LANGUAGE_PREFIX = "language-"

# The sanitiser is quadratic in nesting: these are checked before it sees anything.
MAX_DEPTH = 48
MAX_TAGS = 20_000
MAX_TEXT = 600_000
MAX_HTML = 4_000_000

PLAIN = '<pre class="plain">'

_cleaner = nh3.Cleaner(
    tags=set(TAGS | mathml.TAGS),
    clean_content_tags={"script", "style"},
    attributes={"a": {"href", "title"}, "ol": {"start"}, **mathml.ATTRIBUTES},
    tag_attribute_values={tag: {"tabindex": {"0"}} for tag in ("pre", "figure", "math")},
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    allowed_classes={
        "code": {LANGUAGE_PREFIX + alias for alias in (*LANGUAGES, DIAGRAM)},
        "figure": {"code", "table"},
        "mtd": set(mathml.ALIGN_CLASSES.values()),
        "p": {"note"},
        "pre": {"plain"},
        "span": set(CLASSES | SPAN_CLASSES),
        "sup": {"note-mark", "tight"},
        "td": set(ALIGN_CLASSES),
        "th": set(ALIGN_CLASSES),
    },
)
# Only what follows a closing tag may be blank: blanks before the first one are the text's own.
_CLOSING_RUN = re.compile(r"(?:</[a-z0-9]+>\s*)+\Z")
_LONGEST_RUN = 64 * MAX_DEPTH


def clean(html: str) -> SafeString:
    """`html` cut down to the allow-list; sanitising twice changes nothing."""
    # The one place where text becomes trusted: straight out of the sanitiser.
    return SafeString(_cleaner.clean(html))


def plain(text: str) -> str:
    """The fall-back for text over a cap."""
    # A browser drops a newline right after <pre>, so a leading one would not survive.
    return f"{PLAIN}{escape(text.lstrip(chr(10)), quote=False)}</pre>"


def joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def insert_text(html: SafeString, text: str) -> SafeString:
    """`html` with `text` at the deepest last text position, as the page's script does it."""
    cut = text_end(html)
    return clean(html[:cut] + escape(text, quote=False) + html[cut:]) if text else html


def text_end(html: str) -> int:
    """Where the run of closing tags at the end of `html` starts."""
    start = max(0, len(html) - _LONGEST_RUN)
    run = _CLOSING_RUN.search(html, start)
    return run.start() if run else len(html)
