"""How the site looks in this browser: kept in cookies, so that a page comes in its colours at once
and without a query. The next one to use the browser finds it so as well, like the language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

CHOICES = {"theme": ("system", "light", "dark"), "sidebar": ("shown", "hidden")}


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keeps what is posted of the CHOICES, and leads back to where it was chosen."""
    chosen = {name: request.POST.get(name, "") for name in CHOICES}
    known = {name: value for name, value in chosen.items() if value in CHOICES[name]}
    if not known:
        return HttpResponse(status=422)
    response = HttpResponse(status=204) if getattr(request, "htmx", False) else _back(request)
    for name, value in known.items():
        _keep(response, name, value)
    return response


def shown(request: HttpRequest) -> dict[str, str]:
    """For every template: each choice, the first where nothing or nonsense was chosen."""
    kept = {name: request.COOKIES.get(_cookie(name), "") for name in CHOICES}
    return {
        name: kept[name] if kept[name] in choices else choices[0]
        for name, choices in CHOICES.items()
    }


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        _cookie(name),
        value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie(name: str) -> str:
    return f"{settings.COOKIE_PREFIX}{name}"


def _back(request: HttpRequest) -> HttpResponse:
    came_from = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(came_from if is_ours else "/")
