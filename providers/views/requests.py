"""Who gets to these pages: users who may have providers of their own, each to their own."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from providers.models import Provider
from providers.ownership import may_own

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_owners(view: View[P]) -> View[P]:
    """To all others who are signed in there is no such page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            # What was posted cannot be posted again by a link.
            is_page = request.method == "GET"
            return redirect_to_login(
                request.get_full_path() if is_page else reverse("providers:list")
            )
        if not may_own(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", answer)


def own_provider(request: HttpRequest, provider_id: UUID) -> Provider:
    """Another user's, and one that never was, are the same 404."""
    return get_object_or_404(Provider.objects.owned_by(request.user), pk=provider_id)
