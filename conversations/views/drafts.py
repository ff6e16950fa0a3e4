"""Keeping what is being written, a moment after the typing stops."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from conversations.access import conversation_for
from conversations.drafts import keep
from conversations.forms import DraftForm
from conversations.models import Conversation
from conversations.views.requests import UserRequest, signed_in


@require_POST
@signed_in
def save(request: UserRequest, conversation_id: UUID | None = None) -> HttpResponse:
    """Of a conversation, or without an id of the chat that has not begun."""
    conversation = conversation_for(request.user, conversation_id) if conversation_id else None
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    try:
        keep(request.user, conversation, form.cleaned_data["text"], form.cleaned_data["send_id"])
    except Conversation.DoesNotExist:
        raise Http404 from None
    return HttpResponse(status=204)
