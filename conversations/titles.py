"""A conversation's title, made from its first question at once and without asking any model; and
what a model says, where one is asked, as a title."""

import re
import unicodedata

from django.utils.translation import gettext

LENGTH = 60
_BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Hangul's fillers and the empty pattern of Braille, by their categories letters and a symbol.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
_MARKUP = re.compile(r"^[#>\-*\s]+|[`*_~]+")
# What models put around a title though nobody asked for it, and before it.
_AROUND = " \"'“”„‟‘’‚«»‹›「」『』《》〈〉.。"
_LABEL = re.compile(r"^(title|标题|題目|题目)\s*[:：]\s*", re.IGNORECASE)


def title_from(question: str) -> str:
    """The first line that says something, without markup and controls, cut at a word."""
    lines = (visible(_MARKUP.sub("", line)) for line in question.splitlines())
    title = next(filter(None, lines), "") or visible(question)[:LENGTH] or gettext("New chat")
    return _cut(title)


def title_said(answer: str) -> str:
    """What a model says when it is asked for a title, as one; '' if it says none."""
    lines = (_bare(line) for line in answer.splitlines())
    return _cut(next(filter(None, lines), ""))


def visible(text: str) -> str:
    """In one line, without what would turn the list around; '' if then nothing is to be seen."""
    plain = "".join(c for c in " ".join(text.split()) if not _is_control(c))
    return plain if any(map(_is_shown, plain)) else ""


def _bare(line: str) -> str:
    plain = _LABEL.sub("", visible(_MARKUP.sub("", line)).strip(_AROUND))
    return visible(plain.strip(_AROUND))


def _cut(title: str) -> str:
    """At a word, if that is not far from the end."""
    if len(title) <= LENGTH:
        return title
    head, space, _ = title[:LENGTH].rpartition(" ")
    return (head if space and len(head) > LENGTH // 2 else title[: LENGTH - 1]) + "…"


def _is_shown(c: str) -> bool:
    """Whether there is something to see of it alone: no mark without a letter, and no blank."""
    return unicodedata.category(c)[0] in "LNPS" and c not in _BLANK


def _is_control(c: str) -> bool:
    return unicodedata.category(c) in ("Cc", "Cs") or c in _BIDI
