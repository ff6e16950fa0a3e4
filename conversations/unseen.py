"""Answers that ended while nobody looked at their chat: marked in the list until somebody does.

Every end leaves the mark. A page that shows the chat, and is in view, takes it off at once.
"""

from functools import partial
from uuid import UUID

from django.db import transaction

from conversations import sockets
from conversations.models import Conversation
from conversations.models.conversation import PLACE
from conversations.models.generation import State

# Whatever the stamp of its row depends on.
_TOLD = ("owner_id", "title", "updated_at", "deleted_at", *PLACE)


def leave_unseen(conversation_id: UUID, state: str) -> None:
    """Not where somebody pressed Stop, and so was there. The user's pages are told of a new mark:
    one may show another list, with the chat's folder in it."""
    if state == State.STOPPED:
        return
    marked = Conversation.objects.filter(pk=conversation_id)
    if marked.exclude(unseen=state).update(unseen=state):
        transaction.on_commit(partial(_tell, marked.only(*_TOLD).get()))


def see(conversation: Conversation) -> None:
    """The user's other pages are told only of a mark that was there."""
    marked = Conversation.objects.filter(pk=conversation.pk, unseen__isnull=False)
    if marked.update(unseen=None):
        conversation.unseen = None
        _tell(conversation)


def _tell(conversation: Conversation) -> None:
    news = {"row": str(conversation.pk), "stamp": conversation.row_stamp}
    sockets.tell_all_of(conversation.owner_id, news)
