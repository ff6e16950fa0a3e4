"""A conversation's title, made from its first question at once and without asking any model."""

import re
import unicodedata

from django.utils.translation import gettext

LENGTH = 60
_BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Hangul's fillers and the empty pattern of Braille, by their categories letters and a symbol.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
_MARKUP = re.compile(r"^[#>\-*\s]+|[`*_~]+")


def title_from(question: str) -> str:
    """The first line that says something, without markup and controls, cut at a word."""
    lines = (visible(_MARKUP.sub("", line)) for line in question.splitlines())
    title = next(filter(None, lines), "") or visible(question)[:LENGTH] or gettext("New chat")
    if len(title) <= LENGTH:
        return title
    head, space, _ = title[:LENGTH].rpartition(" ")
    return (head if space and len(head) > LENGTH // 2 else title[: LENGTH - 1]) + "…"


def visible(text: str) -> str:
    """In one line, without what would turn the list around; '' if then nothing is to be seen."""
    plain = "".join(c for c in " ".join(text.split()) if not _is_control(c))
    return plain if any(map(_is_shown, plain)) else ""


def _is_shown(c: str) -> bool:
    """Whether there is something to see of it alone: no mark without a letter, and no blank."""
    return unicodedata.category(c)[0] in "LNPS" and c not in _BLANK


def _is_control(c: str) -> bool:
    return unicodedata.category(c) in ("Cc", "Cs") or c in _BIDI
