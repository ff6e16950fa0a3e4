"""The page for a fault of ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def server_error(request: HttpRequest) -> HttpResponse:
    """Tells the id to look for in the log, and nothing of what went wrong."""
    context = {"request_id": request.META.get("REQUEST_ID", "")}
    try:
        return render(request, "500.html", context, status=500)
    except Exception:  # the fault may well be in what the page itself needs, like its user
        words = (
            _("Something failed on this server. Its number in the log: %(request_id)s") % context
        )
        return HttpResponse(words, status=500, content_type="text/plain; charset=utf-8")
