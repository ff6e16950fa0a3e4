"""The page in which a diagram is drawn: it has no origin, and nothing in it can reach the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        # The library writes a style into each drawing.
        "style-src 'self' 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        # Also for whoever opens the address by itself: no origin, no pop-ups, no other page.
        "sandbox allow-scripts",
    ]
)


@require_safe
@xframe_options_sameorigin
def frame(request: HttpRequest) -> HttpResponse:
    """The same for everybody: what is drawn comes as a message from the page around it."""
    response = render(request, "diagram.html")
    response["Content-Security-Policy"] = _POLICY
    return response
