"""A conversation's title, made from its first question at once and without asking any model."""

import re
import unicodedata

LENGTH = 60
_MARKUP = re.compile(r"^[#>\-*\s]+|[`*_~]+")


def title_from(question: str) -> str:
    """The first line that says something, without markup and controls, cut at a word."""
    lines = (_clean(line) for line in question.splitlines())
    title = next((line for line in lines if line), question.strip()[:LENGTH])
    if len(title) <= LENGTH:
        return title
    head, space, _ = title[:LENGTH].rpartition(" ")
    return (head if space and len(head) > LENGTH // 2 else title[: LENGTH - 1]) + "…"


def _clean(line: str) -> str:
    plain = " ".join(_MARKUP.sub("", line).split())
    # Cf holds the bidirectional overrides, which would turn the rest of the list around.
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
