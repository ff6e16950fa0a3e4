"""What the site adds to every answer, also to error pages and the admin."""

import secrets
from collections.abc import Callable
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


def request_id(get_response: GetResponse) -> GetResponse:
    """Names each request, so that the words on an error page find their line in the log. The
    name is always our own: one that a client sends could be anything."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.META["REQUEST_ID"] = secrets.token_hex(8)
        response = get_response(request)
        response["X-Request-ID"] = request.META["REQUEST_ID"]
        return response

    return answer


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Sends SECURE_CSP, which Django itself reads from version 6 on."""
    policy = "; ".join(
        " ".join([directive, *sources]) for directive, sources in settings.SECURE_CSP.items()
    )

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return answer


def no_store(get_response: GetResponse) -> GetResponse:
    """Keeps pages of someone who is signed in out of every cache, so that Back after logging
    out shows no chat. The cookie is enough to tell and, unlike the user, costs no query."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        cookie = settings.SESSION_COOKIE_NAME
        if cookie in request.COOKIES or cookie in response.cookies:
            response["Cache-Control"] = "no-store"
        return response

    return answer
