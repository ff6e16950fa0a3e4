"""The request that a view gets once it is known who asks, and the answer to those who may not."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from conversations.limits import NotNow
from conversations.shelf import Shelf, searched, shelf_of
from conversations.views.fragments import answer, partial

P = ParamSpec("P")


class UserRequest(HttpRequest):
    user: AbstractBaseUser  # type: ignore[assignment]
    htmx: HtmxDetails


View = Callable[Concatenate[UserRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Answers anybody else: a page leads to the log-in, htmx gets words and loses nothing."""

    @wraps(view)
    def answer_user(request: UserRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return _ask_to_log_in(request)

    return cast("View[P]", answer_user)


def posted_shelf(request: UserRequest) -> Shelf:
    """What the list of the page that posts shows, at rest; all of it, where that one's folder or
    tag is gone by now."""
    fields = QueryDict(request.POST.get("shelf", ""), mutable=True)
    fields["q"] = searched(request.POST)
    try:
        return shelf_of(request.user, fields).resting
    except Http404:
        return Shelf()


def wait_for(refusal: NotNow, response: HttpResponse) -> HttpResponse:
    """The answer to what is not done now, with the time after which it may be."""
    response["Retry-After"] = str(refusal.retry_after_s)
    return response


def _ask_to_log_in(request: UserRequest) -> HttpResponse:
    if request.htmx:
        words = _("You are signed out. Log in again in another tab, then repeat this here.")
        return answer(partial("#composer-error", "innerHTML", words), status=401)
    # What was posted cannot be posted again by a link.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
