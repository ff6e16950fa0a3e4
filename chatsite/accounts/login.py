"""Signing in and out."""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chatsite.accounts import throttle
from chatsite.accounts.forms import LoginForm
from chatsite.models import User

security_log = logging.getLogger("chatsite.security")


class Login(LoginView):
    """The log-in page. While there is no administrator it leads to set-up instead."""

    authentication_form = LoginForm

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not User.has_administrator():
            return redirect("setup")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, may_ask=settings.SIGNUP == "request")

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        security_log.info("user %s logged in", self.request.user.pk)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, code="throttled"):
            response.status_code = 429
            response["Retry-After"] = str(int(throttle.WINDOW.total_seconds()))
        return response


class Logout(LogoutView):
    """Ends the session; only by POST, which Django's own view sees to."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        security_log.info("user %s logged out", request.user.pk)
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
