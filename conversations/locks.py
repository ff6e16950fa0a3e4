"""Rows that are held until the transaction ends, so that what one user does at once is done in
turn: in whichever processes it arrives.

SQLite needs none of this: it takes its one write lock at the start of each transaction.
"""

from django.contrib.auth import get_user_model
from django.db import connection

from conversations.models import Conversation


def locked(conversation: Conversation) -> Conversation:
    """As it is now, and for nobody else to change; with its owner's row."""
    rows = Conversation.objects.filter(deleted_at=None)
    if connection.features.has_select_for_update:
        # Both in one statement. Rows that only point at them may still come.
        held = rows.select_related("owner").select_for_update(of=("self", "owner"), no_key=True)
        return held.get(pk=conversation.pk)
    return rows.get(pk=conversation.pk)


def lock_owner(user_id: int) -> None:
    """For what belongs to a conversation that is not there yet."""
    if connection.features.has_select_for_update:
        owners = get_user_model().objects.select_for_update(no_key=True)
        owners.filter(pk=user_id).values_list("pk").first()
