"""What a browser asks for to put the site among a device's own programs: manifest and icons."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# As `--page` in tokens.css: the window has its colour before a page is there.
BACKGROUND = "#fbfaf7"
# What browsers ask for by these names, on pages that name no icon.
_WELL_KNOWN = {
    "favicon.ico": "icons/favicon.ico",
    "apple-touch-icon.png": "icons/apple-touch-180.png",
}


@require_safe
def manifest(request: HttpRequest, language: str) -> JsonResponse:
    """In the language of the page that names it: browsers fetch it without a cookie."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        told = _told(translation.to_locale(language).replace("_", "-"))
    response = JsonResponse(told, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def icon(request: HttpRequest, name: str) -> HttpResponse:
    return redirect(static(_WELL_KNOWN[name]))


def _told(language: str) -> dict[str, Any]:
    return {
        "id": "/",
        "name": "Chatsite",
        "short_name": "Chatsite",
        "description": _("Chats with language models, on your own server."),
        "lang": language,
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": BACKGROUND,
        "theme_color": BACKGROUND,
        "icons": [
            _icon("icon-192", 192),
            _icon("icon-512", 512),
            _icon("maskable-512", 512, purpose="maskable"),
        ],
        "shortcuts": [{"name": _("New chat"), "url": "/"}],
    }


def _icon(name: str, size: int, **more: str) -> dict[str, str]:
    source = static(f"icons/{name}.png")
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png", **more}
