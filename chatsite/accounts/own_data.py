"""What the site knows of somebody, for them to take along or to have deleted."""

import logging
from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from chatsite.accounts import throttle
from chatsite.accounts.own_account import account_of
from chatsite.models import User
from conversations.erasing import erase
from conversations.exporting import as_json
from conversations.exporting.sending import download
from conversations.generation import hub
from conversations.models import Conversation

security_log = logging.getLogger("chatsite.security")


class ConfirmForm(forms.Form):
    """The password once more: whoever finds an open page must not be able to do this."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Type your password first.")},
    )

    def __init__(self, user: User, address: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.address = user, address

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not throttle.allow(self.user.get_username(), self.address, "delete "):
            security_log.warning("deleting data refused, too many failures, user %s", self.user.pk)
            raise forms.ValidationError(
                _("Too many failed attempts. Wait 15 minutes, then try again."), code="throttled"
            )
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password. Type it again."))
        return password


@require_safe
@login_required
def take_along(request: HttpRequest) -> HttpResponseBase:
    """One document: the account without its secrets, and every conversation."""
    user = _user(request)
    name = f"chatsite-{timezone.now():%Y-%m-%d}-all.json"
    parts = as_json.export(user, account=account_of(request, user))
    return download(parts, name, "application/json")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    posted = request.POST if request.method == "POST" else None
    form = ConfirmForm(user, request.META.get("REMOTE_ADDR", ""), posted)
    if form.is_valid():
        for answer in erase(user):
            async_to_sync(hub.stop)(answer.pk)
        security_log.info("user %s deleted all conversations", user.pk)
        messages.success(
            request, _("All your conversations and what belonged to them were deleted.")
        )
        return redirect("conversations:data")
    count = Conversation.objects.for_user(user).count()
    status = 429 if form.has_error("password", "throttled") else 422 if form.errors else 200
    return render(request, "delete_data.html", {"form": form, "count": count}, status=status)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the one kind that there is
    return user
