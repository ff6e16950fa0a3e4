"""The list of conversations: a page of its own, and the part of every page that refreshes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from conversations.page import sidebar
from conversations.views.requests import UserRequest

QUERY_LENGTH = 200


@login_required
def list_conversations(request: UserRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:QUERY_LENGTH].replace("\x00", "")
    page = request.GET.get("page", "1")
    number = min(int(page), 10_000) if page.isascii() and page.isdigit() else 1
    context = sidebar(request.user, None, query, max(number, 1))
    template = "_conversation_list.html" if request.htmx else "conversation_list.html"
    return render(request, template, context)
