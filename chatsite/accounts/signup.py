"""Asking for an account, where the site lets people: an administrator decides."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from chatsite.accounts import throttle
from chatsite.accounts.forms import SignupForm
from chatsite.models import SignupRequest

# More wait than anybody will read through; whoever floods the site gets no further.
MOST_WAITING = 200

security_log = logging.getLogger("chatsite.security")


@require_http_methods(["GET", "POST"])
def signup(request: HttpRequest) -> HttpResponse:
    """`/accounts/signup/`. The answer to a name that is taken is the same as to any other."""
    if settings.SIGNUP != "request":
        raise Http404
    if request.user.is_authenticated:
        return redirect("/")
    form = SignupForm(request.POST or None)
    if request.method == "POST":
        address = request.META.get("REMOTE_ADDR", "")
        if not throttle.allow(request.POST.get("username", ""), address, "sign-up "):
            security_log.warning("sign-up refused, too many, from %s", address)
            return _page(request, form, "throttled", 429)
        if form.is_valid():
            if SignupRequest.objects.count() >= MOST_WAITING:
                return _page(request, form, "full", 503)
            form.save()
            return _page(request, form, "asked", 200)
    return _page(request, form, "", 200)


def _page(request: HttpRequest, form: SignupForm, said: str, status: int) -> HttpResponse:
    response = render(request, "signup.html", {"form": form, "said": said}, status=status)
    if said == "throttled":
        response["Retry-After"] = str(int(throttle.WINDOW.total_seconds()))
    return response
