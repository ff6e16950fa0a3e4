"""What the site adds to every answer, also to error pages and the admin."""

import logging
import secrets
from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from chatsite.logs import REQUEST_ID, route_of
from conversations import metrics

access = logging.getLogger("chatsite.access")

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
    """Counts and logs each answer: by whom, to which pattern of address, how and how long; never
    the address itself, which may hold what nobody else should read."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        began = monotonic()
        response = get_response(request)
        seconds, route, status = monotonic() - began, route_of(request), response.status_code
        metrics.PAGES.labels(route).observe(seconds)
        metrics.RESPONSES.labels(status).inc()
        # Only a user whom somebody has asked for: for a log alone it is not worth a query.
        user = getattr(request, "_cached_user", None)
        fields = {
            "method": request.method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "user": user.pk if user else None,
        }
        access.info("%s %s %d", request.method, route, status, extra=fields)
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
