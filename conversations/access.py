"""The one door: a row that this user may touch, or 404. HTTP and websocket both come through it."""

from collections.abc import Collection
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from conversations.models import Conversation, Message, Picture
from conversations.models.conversation import Viewer
from conversations.models.generation import State
from conversations.models.library import E, EntryQuerySet
from conversations.models.message import Role


def conversation_for(user: Viewer, conversation_id: UUID) -> Conversation:
    return get_object_or_404(
        Conversation.objects.for_user(user).select_related("model"), pk=conversation_id
    )


def deleted_conversation_for(user: Viewer, conversation_id: UUID) -> Conversation:
    return get_object_or_404(Conversation.objects.deleted_by(user), pk=conversation_id)


def message_for(user: Viewer, message_id: UUID) -> Message:
    return get_object_or_404(
        Message.objects.select_related("conversation", "generation"),
        pk=message_id,
        conversation__in=Conversation.objects.for_user(user),
    )


def answer_for(user: Viewer, message_id: UUID) -> Message:
    message = message_for(user, message_id)
    if message.role != Role.ASSISTANT:
        raise Http404
    return message


def picture_for(user: Viewer, message_id: UUID, number: int) -> Picture:
    """With its bytes; one that is only told of is not here."""
    return get_object_or_404(
        Picture.objects.defer(None).exclude(media_type=""),
        message__conversation__in=Conversation.objects.for_user(user),
        message_id=message_id,
        number=number,
    )


def entry_for(mine: EntryQuerySet[E], entry_id: UUID | None) -> E:
    """Of the presets or prompts that this user may use, or of those that they may change."""
    return get_object_or_404(mine, pk=entry_id)


def running_answers(conversation: Conversation) -> list[UUID]:
    """The answers of a conversation, found before, that are being written."""
    running = Message.objects.filter(conversation=conversation, generation__state=State.RUNNING)
    return list(running.values_list("pk", flat=True))


def followable(user: Viewer, message_ids: Collection[UUID]) -> set[UUID]:
    """Those of these answers that may be shown to this user; asked anew for each follow."""
    if not (user.is_authenticated and user.is_active):
        return set()
    found = Message.objects.filter(
        pk__in=message_ids,
        role=Role.ASSISTANT,
        conversation__in=Conversation.objects.for_user(user),
    )
    return set(found.values_list("pk", flat=True))
