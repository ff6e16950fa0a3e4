"""Answers that ended while nobody looked at their chat: marked in the list until somebody does.

Every end leaves the mark. A page that shows the chat, and is in view, takes it off at once.
"""

from uuid import UUID

from conversations import sockets
from conversations.models import Conversation
from conversations.models.generation import State


def leave_unseen(conversation_id: UUID, state: str) -> None:
    """Not where somebody pressed Stop, and so was there."""
    if state != State.STOPPED:
        Conversation.objects.filter(pk=conversation_id).update(unseen=state)


def see(conversation: Conversation) -> None:
    """The user's other pages are told only of a mark that was there."""
    marked = Conversation.objects.filter(pk=conversation.pk, unseen__isnull=False)
    if marked.update(unseen=None):
        conversation.unseen = None
        news = {"row": str(conversation.pk), "stamp": conversation.row_stamp}
        sockets.tell_all_of(conversation.owner_id, news)
