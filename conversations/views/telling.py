"""Why nothing was done, on the chat's page: for who has no JavaScript."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from conversations.models import Conversation
from conversations.page import chat_page
from conversations.views.requests import UserRequest


def tell(
    request: UserRequest,
    conversation: Conversation,
    words: str,
    status: int,
    before: UUID | None = None,
    **fields: Any,
) -> HttpResponse:
    """The page as it is now, or the one that ends before a message; with `fields` as they were
    posted."""
    context = chat_page(request.user, conversation, request.POST.get("model", ""), before)
    context |= {"composer_error": words, **fields}
    return render(request, "chat.html", context, status=status)
