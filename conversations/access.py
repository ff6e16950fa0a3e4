"""The one door: a row that this user may touch, or 404. HTTP and websocket both come through it."""

from collections.abc import Collection
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from conversations.models import Conversation, Folder, Message, Picture, Tag
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
    mine = Message.objects.for_user(user).select_related("conversation", "generation")
    return get_object_or_404(mine, pk=message_id)


def question_for(user: Viewer, message_id: UUID) -> Message:
    message = message_for(user, message_id)
    if message.role != Role.USER:
        raise Http404
    return message


def deleted_message_for(user: Viewer, message_id: UUID) -> Message:
    mine = Message.objects.deleted_by(user, timezone.now()).select_related("conversation")
    return get_object_or_404(mine, pk=message_id)


def answer_for(user: Viewer, message_id: UUID) -> Message:
    message = message_for(user, message_id)
    if message.role != Role.ASSISTANT:
        raise Http404
    return message


def picture_for(user: Viewer, message_id: UUID, number: int) -> Picture:
    """With its bytes; one that is only told of is not here."""
    return get_object_or_404(
        Picture.objects.defer(None).exclude(media_type=""),
        message__in=Message.objects.for_user(user),
        message_id=message_id,
        number=number,
    )


def entry_for(mine: EntryQuerySet[E], entry_id: UUID | None) -> E:
    """Of the presets or prompts that this user may use, or of those that they may change."""
    return get_object_or_404(mine, pk=entry_id)


def running_answers(conversation: Conversation) -> list[UUID]:
    """The answers of a conversation, found before, that are being written."""
    return running_answers_of([conversation.pk])


def running_answers_of(conversation_ids: Collection[UUID]) -> list[UUID]:
    running = Message.objects.filter(
        conversation__in=conversation_ids, generation__state=State.RUNNING
    )
    return list(running.values_list("pk", flat=True))


def folder_for(user: Viewer, folder_id: UUID) -> Folder:
    return get_object_or_404(Folder.objects.for_user(user), pk=folder_id)


def folder_asked_for(user: Viewer, text: str) -> Folder | None:
    """None for no text; 404 for all that is not the id of a folder of this user's."""
    return folder_for(user, _uuid(text)) if text else None


def tag_asked_for(user: Viewer, text: str) -> Tag | None:
    """As `folder_asked_for`."""
    return tag_for(user, _uuid(text)) if text else None


def deleted_folder_for(user: Viewer, folder_id: UUID) -> Folder:
    return get_object_or_404(Folder.objects.deleted_by(user), pk=folder_id)


def tag_for(user: Viewer, tag_id: UUID) -> Tag:
    return get_object_or_404(Tag.objects.for_user(user), pk=tag_id)


def followable(user: Viewer, message_ids: Collection[UUID]) -> set[UUID]:
    """Those of these answers that may be shown to this user; asked anew for each follow."""
    if not (user.is_authenticated and user.is_active):
        return set()
    found = Message.objects.for_user(user).filter(pk__in=message_ids, role=Role.ASSISTANT)
    return set(found.values_list("pk", flat=True))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
