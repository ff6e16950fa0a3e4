"""The first account: made once, by whoever can read the site's terminal or its data."""

import logging
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from chatsite import keyfile
from chatsite.accounts.forms import FirstAccountForm
from chatsite.models import FirstAccount, User

security_log = logging.getLogger("chatsite.security")


@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """`/setup/?token=…`. Without the token the page says where to find the link (`form` is
    None); once an administrator exists it leads to the log-in, and a POST is refused."""
    if User.has_administrator():
        return _closed(request)
    if not is_token(request.GET.get("token", "")):
        status = 403 if request.method == "POST" else 200
        return render(request, "setup.html", {"form": None}, status=status)
    form = FirstAccountForm(request.POST or None)
    if not form.is_valid():
        return render(request, "setup.html", {"form": form})
    user = form.save(commit=False)
    if not claim(user):
        return _closed(request)
    login(request, user)
    return redirect("/")


def token() -> str:
    """What the set-up link ends in. It serves for as long as there is no administrator."""
    return keyfile.read_or_create(_token_file(), lambda: secrets.token_urlsafe(32))


def is_token(text: str) -> bool:
    try:
        return constant_time_compare(text, token())
    except FileNotFoundError:  # somebody else has just made the account
        return False


def claim(user: User) -> bool:
    """Stores `user` as the first account and administrator; False if there is one already."""
    user.is_staff = user.is_superuser = True
    try:
        with transaction.atomic():
            user.save()
            FirstAccount.objects.create(pk=1, user=user)
    except IntegrityError:
        return False
    _token_file().unlink(missing_ok=True)
    security_log.info("user %s set up as the first administrator", user.pk)
    return True


def _closed(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return render(request, "403.html", status=403)
    return redirect("login")


def _token_file() -> Path:
    return Path(settings.DATA_DIR) / "setup_token"
