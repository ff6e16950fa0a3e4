"""Footnotes where they stand: a mark in the text, and each note as a paragraph of its own.

The parser's own footnotes need the whole text: a note that comes last would change what was
finished long before it. These need nothing but their own block. The page's script joins marks and
notes of one label (static/js/notes.js).
"""

import re

# Numbers, and words that end in one: "[^a-z]" is part of somebody's regular expression.
_LABEL = r"[0-9]{1,3}|[A-Za-z]{1,20}[-_]?[0-9]{1,4}"
_DEFINITION = re.compile(rf"(\[\^(?:{_LABEL})\]):")
#: Stands for the colon after a label, which would else make a link definition of the note. No
#: text has it: it is not a character (`normalise` sees to that).
COLON = "\ufdd0"
_COLON_IN_LINK = "%EF%B7%90"
_PART = re.compile(rf"<(?:code|pre)\b.*?</(?:code|pre)>|<[^>]*>|\[\^({_LABEL})\]", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
# Of a full width, and with nothing in its right half.
_WIDE = frozenset(
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\uff09\u300b\u300d\u300f\u3011\u3015"
)
_START = re.compile(rf"(?:\A|\n)\[\^({_LABEL})\]{COLON}[ ]?")


def guard(text: str) -> str:
    """Markdown in which no footnote is taken for the definition of a link."""
    return _DEFINITION.sub(rf"\1{COLON}", text) if "]:" in text else text


def unguard(html: str) -> str:
    """The parser's HTML with the colons of `guard` back, but for those that make a note."""
    if COLON in html:
        html = _PARAGRAPH.sub(_as_notes, html).replace(COLON, ":")
    return html.replace(_COLON_IN_LINK, ":")


def with_marks(html: str) -> str:
    """One block's HTML with its marks raised."""
    return _PART.sub(_raised, html) if "[^" in html else html


def _as_notes(found: re.Match[str]) -> str:
    head, *parts = _START.split(found[1])
    notes = (
        f'<p class="note"><span class="note-label">{label}</span> {text}</p>'
        for label, text in zip(parts[::2], parts[1::2], strict=True)
    )
    return "\n".join([f"<p>{head}</p>"] * bool(head.strip()) + list(notes))


def _raised(found: re.Match[str]) -> str:
    label = found[1]
    if not label:
        return found[0]
    is_after_wide = found.string[found.start() - 1 : found.start()] in _WIDE
    css_class = "note-mark tight" if is_after_wide else "note-mark"
    return f'<sup class="{css_class}">{label}</sup>'
