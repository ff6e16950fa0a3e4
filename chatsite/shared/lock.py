"""The password of a share: asked once for each browser, and guessed as slowly as a log-in's."""

import logging

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chatsite.accounts import throttle
from chatsite.shared.address import at_address, with_form
from conversations.models import Share

# Sent back to this share's addresses alone.
COOKIE = "shared"
WHAT = "share "

security_log = logging.getLogger("chatsite.security")


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "off", "autofocus": True}),
    )


def is_open(request: HttpRequest, shared: Share) -> bool:
    """Whether this browser may read it: there is no password, or it was told here."""
    if not shared.password:
        return True
    return constant_time_compare(request.COOKIES.get(COOKIE, ""), _key(shared))


def ask(
    request: HttpRequest, shared: Share, form: PasswordForm | None = None, status: int = 200
) -> HttpResponse:
    """The page that asks. It tells nothing of the share, not even its title."""
    context = {"share": shared, "form": form or PasswordForm()}
    return with_form(render(request, "shared/locked.html", context, status=status))


@at_address
@require_POST
def unlock(request: HttpRequest, shared: Share) -> HttpResponse:
    form, address = PasswordForm(request.POST), request.META.get("REMOTE_ADDR", "")
    if not form.is_valid():
        return ask(request, shared, form)
    if not throttle.allow(shared.token, address, WHAT):
        security_log.warning("password of a shared chat refused, too many, from %s", address)
        form.add_error(None, _("Too many failed attempts. Wait 15 minutes, then try again."))
        response = ask(request, shared, form, 429)
        response["Retry-After"] = str(int(throttle.WINDOW.total_seconds()))
        return response
    if not check_password(form.cleaned_data["password"], shared.password):
        security_log.warning("wrong password for a shared chat, from %s", address)
        form.add_error("password", _("This is not the password. Check it and try again."))
        return ask(request, shared, form)
    throttle.forget(shared.token, address, WHAT)
    return _opened(shared)


def _opened(shared: Share) -> HttpResponse:
    address = shared.get_absolute_url()
    response = redirect(address)
    response.set_cookie(
        COOKIE,
        _key(shared),
        path=address,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _key(shared: Share) -> str:
    """Of this share with this password: another one locks every browser out again."""
    said = f"{shared.pk} {shared.password}"
    return salted_hmac("chatsite.shared.lock", said, algorithm="sha256").hexdigest()
