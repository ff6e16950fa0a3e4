"""The list of conversations: a page of its own, and the part of every page that refreshes."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from conversations.page import sidebar
from conversations.views.requests import UserRequest, signed_in

QUERY_LENGTH = 200
MOST_PAGE_DIGITS = 5


@signed_in
def list_conversations(request: UserRequest) -> HttpResponse:
    query = searched(request.GET)
    context = sidebar(request.user, None, query, _page(request.GET.get("page", "")))
    template = "_conversation_list.html" if request.htmx else "conversation_list.html"
    return render(request, template, context)


def searched(fields: QueryDict) -> str:
    """The words in the search field."""
    return fields.get("q", "")[:QUERY_LENGTH].replace("\x00", "")


def _page(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_PAGE_DIGITS
    return max(int(text), 1) if is_number else 1
