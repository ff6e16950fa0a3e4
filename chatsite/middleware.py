"""What the site adds to every answer, also to error pages and the admin."""

import secrets
from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from chatsite.access import note
from chatsite.logs import REQUEST_ID, route_of

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


def request_id(get_response: GetResponse) -> GetResponse:
    """Names each request, so that the words on an error page find their line in the log. The
    name is always our own: one that a client sends could be anything."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.META["REQUEST_ID"] = name = secrets.token_hex(8)
        before = REQUEST_ID.set(name)
        try:
            response = get_response(request)
        finally:
            REQUEST_ID.reset(before)
        response["X-Request-ID"] = name
        return response

    return answer


def access_log(get_response: GetResponse) -> GetResponse:
    """Counts and logs each answer, as `access` has it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        began = monotonic()
        response = get_response(request)
        # Only a user whom somebody has asked for: for a log alone it is not worth a query.
        user = getattr(request, "_cached_user", None)
        note(
            method=str(request.method),
            route=route_of(request),
            status=response.status_code,
            seconds=monotonic() - began,
            user=user.pk if user else None,
        )
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
