"""The list of conversations: a page of its own, and the part of every page that refreshes."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from conversations.access import conversation_for, running_answers
from conversations.models import Conversation
from conversations.page import sidebar
from conversations.shelf import shelf_of
from conversations.unseen import see
from conversations.views.requests import UserRequest, signed_in


@signed_in
def list_conversations(request: UserRequest) -> HttpResponse:
    context = sidebar(request.user, None, shelf_of(request.user, request.GET))
    template = "_conversation_list.html" if request.htmx else "conversation_list.html"
    return render(request, template, context)


@require_safe
@signed_in
def writing(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """A row's mark while an answer is being written, then that of an unseen one, or nothing.

    The mark asks by itself: that its chat is gone is no news to anyone, hence no words.
    """
    asked = Conversation.objects.for_user(request.user).filter(pk=conversation_id).first()
    if asked is None:
        return HttpResponse(status=404)
    if running_answers(asked):
        return render(request, "_writing_mark.html", {"row": {"url": asked.get_absolute_url()}})
    if asked.unseen is None:
        return HttpResponse()
    context = {"unseen": asked.unseen, "stamp": asked.row_stamp}
    return render(request, "_unseen_mark.html", context)


@require_POST
@signed_in
def seen(request: UserRequest, conversation_id: UUID) -> HttpResponse:
    """A page that shows the chat has its last answer in view."""
    see(conversation_for(request.user, conversation_id))
    return HttpResponse(status=204)
