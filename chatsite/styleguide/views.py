"""The pages of the style guide. Where the site is not being developed they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatsite.styleguide import parts
from chatsite.styleguide.messages import specimens
from chatsite.styleguide.pages import pages

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

COLOURS = (
    *("page", "surface", "raised", "hover", "line", "edge", "text", "text-muted"),
    *("accent", "accent-hover", "accent-text", "ok", "warn", "danger", "danger-surface"),
    *("code-keyword", "code-string", "code-number", "code-name", "code-comment"),
)
ICONS = (
    *("menu", "new", "search", "send", "stop", "down", "copy", "check", "again", "continue"),
    *("delete", "close", "prompt", "warn", "more", "wrap", "lines", "diagram"),
)


def for_developers(view: View[P]) -> View[P]:
    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", answer)


@for_developers
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    context = {
        "colours": COLOURS,
        "icons": ICONS,
        "sizes": ("small", "part", "body", "h3", "h1", "display"),
        "spaces": range(1, 11),
        "form": parts.refused_form(),
        "messages_shown": specimens(),
        "rows": parts.rows(),
        "conversation": parts.conversation(),
        "deleted": parts.conversation(),
        "spent": parts.spent(),
        "steps": parts.steps(),
        "card": parts.card(),
        "connections": ("lost", "offline", "crowded", "signed-out"),
        "pages": pages().values(),
        "user": parts.person(is_staff=True),
    }
    return render(request, "styleguide/components.html", context)


@for_developers
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page as it is, with what it shows made up; nothing on it does anything."""
    shown = pages().get(slug)
    if shown is None:
        raise Http404
    return render(request, shown.template, shown.context(), status=shown.status)
