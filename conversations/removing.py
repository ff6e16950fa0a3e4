"""Deleting a message with all that followed it, and taking that back.

All that goes at once is marked with one time, and by this it comes back: what had been deleted
before stays so. Until it is purged no page, socket or search finds it.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations.branch import is_shown, leaf_under
from conversations.compared import compared_below, end_at, is_compared
from conversations.locks import locked
from conversations.models import Conversation, Message
from conversations.models.generation import State
from conversations.versions import leave, versions_of
from conversations.walks import mark_under, newest_under


def remove(message: Message) -> tuple[Conversation, int]:
    """What is shown in its place is another version, else the conversation up to it; how many
    messages went. Answers that are being written are for the caller to stop."""
    with transaction.atomic():
        conversation = locked(message.conversation)
        message = Message.objects.kept().get(pk=message.pk)
        if is_shown(conversation, message.pk):
            message.keep(last_leaf=conversation.leaf_id)
            conversation.turn_to(_shown_instead(conversation, message))
        count = mark_under(message.pk, None, timezone.now())
        if is_compared(message, conversation.leaf_id):
            _end_comparison(conversation)
        return conversation, count


def restore(message: Message) -> Conversation:
    """With what went with it, in view again; nothing where that was done before.

    Raises Message.DoesNotExist where what it followed is deleted as well.
    """
    with transaction.atomic():
        conversation = locked(message.conversation)
        message = Message.objects.select_related("parent").get(pk=message.pk)
        if message.parent and message.parent.deleted_at:
            raise Message.DoesNotExist
        if message.deleted_at:
            leave(conversation, message.parent_id)
            mark_under(message.pk, message.deleted_at, None)
            if not _is_compared_again(conversation, message):
                conversation.turn_to(leaf_under(conversation, message))
        return conversation


def deleted_running(conversation: Conversation) -> list[UUID]:
    """The answers among what is deleted that are being written all the same."""
    running = Message.objects.filter(conversation=conversation, generation__state=State.RUNNING)
    return list(running.exclude(deleted_at=None).values_list("pk", flat=True))


def _shown_instead(conversation: Conversation, message: Message) -> UUID | None:
    others = versions_of([message]).get(message.pk)
    if others is None or others.beside is None:
        return message.parent_id
    return leaf_under(conversation, Message.objects.get(pk=others.beside))


def _end_comparison(conversation: Conversation) -> None:
    """Where the last but one of the answers was deleted the other one goes on."""
    if conversation.leaf_id and not compared_below(conversation.leaf_id):
        end_at(conversation, newest_under(conversation.leaf_id))


def _is_compared_again(conversation: Conversation, message: Message) -> bool:
    compared = compared_below(conversation.leaf_id)
    return is_compared(message, conversation.leaf_id) and message in compared
