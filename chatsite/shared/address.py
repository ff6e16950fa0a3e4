"""The one way to a share from its address. What was revoked or has ended, what never was, and what
is no address at all give the same answer."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from conversations.models import Share
from conversations.sharing import is_on

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Share, P], HttpResponseBase]

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# No search engine lists it, no cache keeps it, and no other site is told where a link was found.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def at_address(view: View[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """Asked anew for each request, so that a revoked share ends with the next one."""

    @wraps(view)
    def answer(
        request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        shared = _share_at(token)
        try:
            response = view(request, shared, *args, **kwargs) if shared else _gone(request)
        except Http404:
            response = _gone(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]", answer)


@at_address
def nothing(request: HttpRequest, _shared: Share) -> HttpResponse:
    """Whatever else begins like the address of a share."""
    raise Http404


def with_form(response: HttpResponse) -> HttpResponse:
    """For a page that posts to this site: told "no-referrer", a browser would not say where the
    form was, and it would be taken for a forged one. No other site is told anything either."""
    response["Referrer-Policy"] = "same-origin"
    return response


def _share_at(token: str) -> Share | None:
    if not is_on() or not TOKEN.fullmatch(token):
        return None
    return Share.objects.readable(timezone.now()).filter(token=token).first()


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "shared/gone.html", status=404)
