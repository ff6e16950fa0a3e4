"""What an empty chat proposes to ask: the site's own, or what an administrator has put there."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, gettext, gettext_noop

from chatsite.models import Suggestions

MOST = 4
OWN = (
    gettext_noop("Explain a hard idea in plain words"),
    gettext_noop("Draft a short, friendly e-mail"),
    gettext_noop("Compare two options in a table"),
    gettext_noop("Find the mistake in this code"),
)


def suggestions(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Nothing is looked up before a template asks, and then once."""
    return {"suggestions": cache(suggested)}


def suggested() -> list[str]:
    """In the reader's language, as far as they were written in it."""
    stored = Suggestions.objects.first()
    lines = stored.lines_in(get_language() or "") if stored else OWN
    # The site's own are translated also where an administrator has kept them among others.
    return [gettext(line) for line in lines][:MOST]
