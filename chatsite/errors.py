"""The page for a fault of ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def server_error(request: HttpRequest) -> HttpResponse:
    """Tells the id to look for in the log, and nothing of what went wrong."""
    context = {"request_id": request.META.get("REQUEST_ID", "")}
    try:
        return render(request, "500.html", context, status=500)
    except Exception:  # the fault may well be in what the page itself needs, like its user
        words = f"Something went wrong. Its number in the log: {context['request_id']}"
        return HttpResponse(words, status=500, content_type="text/plain; charset=utf-8")
