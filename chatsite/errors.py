"""The pages for a fault of ours, and for a form that comes from elsewhere or from before."""

import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open before a new log-in holds the token of the old one. Its scripts may
    have the new one: whoever can read this answer could read any page of the site."""
    template = "_fresh_token.html" if getattr(request, "htmx", False) else "403_csrf.html"
    return render(request, template, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what never was and for what is not yours; a page is told in its own place."""
    template = "_gone.html" if getattr(request, "htmx", False) else "404.html"
    return render(request, template, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Tells the id to look for in the log, and nothing of what went wrong; but that the database
    is away, since then waiting helps."""
    is_away = _is_the_database_s(sys.exc_info()[1])
    status = 503 if is_away else 500
    context = {"request_id": request.META.get("REQUEST_ID", ""), "is_away": is_away}
    try:
        response = render(request, "500.html", context, status=status)
    except Exception:  # the fault may well be in what the page itself needs, like its user
        words = (
            _("Something failed on this server. Its number in the log: %(request_id)s") % context
        )
        response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    if is_away:
        response["Retry-After"] = "5"
    return response


def _is_the_database_s(error: BaseException | None) -> bool:
    """Postgres calls "internal" also a file of its own that it may not let grow. What is corrupt,
    the others of its class, is so in a moment too."""
    if isinstance(error, InternalError):
        return str(getattr(error.__cause__, "sqlstate", "")) == "XX000"
    return isinstance(error, OperationalError | InterfaceError)
