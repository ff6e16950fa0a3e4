"""What a user owns: conversations, their messages, and the runs that write answers; and how much
of that a user may have."""

from conversations.models.conversation import Conversation
from conversations.models.draft import Draft
from conversations.models.generation import Generation
from conversations.models.limits import Limits
from conversations.models.message import Message
from conversations.models.picture import Picture
from conversations.models.queued import QueuedMessage
from conversations.models.search import SearchEntry

__all__ = [
    "Conversation",
    "Draft",
    "Generation",
    "Limits",
    "Message",
    "Picture",
    "QueuedMessage",
    "SearchEntry",
]
