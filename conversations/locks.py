"""Rows that are held until the transaction ends, so that what one user does at once is done in
turn: in whichever processes it arrives.

SQLite needs none of this: it takes its one write lock at the start of each transaction.
"""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection

from conversations.models import Conversation, Folder, Share
from conversations.models.conversation import ConversationQuerySet


def locked(conversation: Conversation) -> Conversation:
    """As it is now, and for nobody else to change; with its owner's row."""
    rows = Conversation.objects.filter(deleted_at=None)
    if connection.features.has_select_for_update:
        # Both in one statement. Rows that only point at them may still come.
        held = rows.select_related("owner").select_for_update(of=("self", "owner"), no_key=True)
        return held.get(pk=conversation.pk)
    return rows.get(pk=conversation.pk)


def lock_chats(chats: ConversationQuerySet) -> bool:
    """All of these, in one order whoever asks; whether there are any. Before a folder, and before
    their owner: who sends holds a chat when asking for that."""
    held = chats.order_by("pk").select_for_update(no_key=True)
    return bool(list(held.values_list("pk")))


def locked_folder(folder_id: UUID, user_id: int) -> Folder:
    """As it is now: nobody deletes it while a chat is put into it, or the other way round."""
    mine = Folder.objects.filter(owner_id=user_id, deleted_at=None)
    return mine.select_for_update(no_key=True).get(pk=folder_id)


def locked_share(share_id: UUID) -> Share:
    """As it is now: nobody revokes it while its copy is read or written. After a conversation and
    an owner; raises Share.DoesNotExist where it is revoked by now."""
    return Share.objects.select_for_update(no_key=True).get(pk=share_id)


def lock_owner(user_id: int) -> None:
    """For what belongs to a conversation that is not there yet."""
    if connection.features.has_select_for_update:
        owners = get_user_model().objects.select_for_update(no_key=True)
        owners.filter(pk=user_id).values_list("pk").first()
