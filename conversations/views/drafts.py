"""Keeping what is being written, a moment after the typing stops."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from conversations.access import conversation_for
from conversations.drafts import keep
from conversations.forms import DraftForm
from conversations.limits import NotNow, check_drafting
from conversations.models import Conversation
from conversations.views.requests import UserRequest, signed_in, wait_for


@require_POST
@signed_in
def save(request: UserRequest, conversation_id: UUID | None = None) -> HttpResponse:
    """Of a conversation, or without an id of the chat that has not begun."""
    conversation = conversation_for(request.user, conversation_id) if conversation_id else None
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    text = form.cleaned_data["text"]
    try:
        check_drafting(request.user.pk, len(text.encode()))
        keep(request.user, conversation, text, form.cleaned_data["send_id"])
    except NotNow as refusal:
        return wait_for(refusal, HttpResponse(status=refusal.status))
    except Conversation.DoesNotExist:
        raise Http404 from None
    return HttpResponse(status=204)
