"""Going on from a shared chat: whoever is signed in gets a chat of their own with the same text."""

from typing import cast
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chatsite.shared.address import at_address, with_form
from chatsite.shared.lock import ask, is_open
from conversations.adopting import adopt
from conversations.limits import NotNow
from conversations.models import Share
from conversations.views.requests import UserRequest, signed_in, wait_for


@at_address
@require_http_methods(["GET", "HEAD", "POST"])
def go_on(request: HttpRequest, shared: Share) -> HttpResponseBase:
    return _go_on(cast("UserRequest", request), shared)


@signed_in
def _go_on(request: UserRequest, shared: Share) -> HttpResponse:
    if not is_open(request, shared):
        return ask(request, shared)
    if request.method != "POST":
        return _page(request, shared)
    try:
        return redirect(adopt(shared, request.user, _key(request.POST.get("key", ""))))
    except NotNow as refusal:
        return wait_for(refusal, _page(request, shared, refusal))
    except Share.DoesNotExist:
        raise Http404 from None


def _page(request: UserRequest, shared: Share, refusal: NotNow | None = None) -> HttpResponse:
    context = {"share": shared, "key": uuid4(), "refusal": refusal}
    status = refusal.status if refusal else 200
    return with_form(render(request, "shared/go_on.html", context, status=status))


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
