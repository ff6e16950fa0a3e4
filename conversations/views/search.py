"""Searching all messages: a page, and the part of it that follows what is typed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from conversations.page import sidebar
from conversations.search.finding import Found, find
from conversations.search_form import SearchForm
from conversations.views.requests import UserRequest, signed_in


@require_safe
@signed_in
def search(request: UserRequest) -> HttpResponse:
    form = SearchForm(request.user, request.GET)
    wanted = form.wanted(request.GET.get("before", ""))
    found = find(request.user, wanted) if wanted else Found([], None)
    address = f"{reverse('conversations:search')}?{form.address}"
    context = {
        "form": form,
        "found": found,
        "is_asked": wanted is not None,
        "more_url": f"{address}&before={found.last}" if found.last is not None else "",
    }
    if not request.htmx:
        return render(request, "search.html", {**context, **sidebar(request.user, None)})
    response = render(request, "_hits.html", context)
    return response if "before" in request.GET else replace_url(response, address)
