"""The list of conversations: a page of its own, and the part of every page that refreshes."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.access import running_answers
from conversations.models import Conversation
from conversations.page import sidebar
from conversations.views.requests import UserRequest, signed_in

QUERY_LENGTH = 200
MOST_PAGE_DIGITS = 5
# At once, for a list that was opened so far.
MOST_PAGES = 20


@signed_in
def list_conversations(request: UserRequest) -> HttpResponse:
    query = searched(request.GET)
    page, pages = (_page(request.GET.get(name, "")) for name in ("page", "pages"))
    context = sidebar(request.user, None, query, page, min(pages, MOST_PAGES))
    template = "_conversation_list.html" if request.htmx else "conversation_list.html"
    return render(request, template, context)


@require_safe
@signed_in
def writing(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """A row's mark while an answer is being written, and nothing once none is.

    The mark asks by itself: that its chat is gone is no news to anyone, hence no words.
    """
    asked = Conversation.objects.for_user(request.user).filter(pk=conversation_id).first()
    if asked is None:
        return HttpResponse(status=404)
    if not running_answers(asked):
        return HttpResponse()
    return render(request, "_writing_mark.html", {"row": {"url": asked.get_absolute_url()}})


def searched(fields: QueryDict) -> str:
    """The words in the search field."""
    return fields.get("q", "")[:QUERY_LENGTH].replace("\x00", "")


def _page(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_PAGE_DIGITS
    return max(int(text), 1) if is_number else 1
