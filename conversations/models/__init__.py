"""What a user owns: conversations, their order and their messages, and the runs that write answers;
and how much of that a user may have."""

from conversations.models.charge import Charge
from conversations.models.conversation import Conversation
from conversations.models.draft import Draft
from conversations.models.folder import Folder
from conversations.models.generation import Generation
from conversations.models.import_job import ImportedSource, ImportJob
from conversations.models.limits import Limits
from conversations.models.message import Message
from conversations.models.picture import Picture
from conversations.models.preset import Preset
from conversations.models.prompt import Prompt
from conversations.models.queued import QueuedMessage
from conversations.models.search import SearchEntry
from conversations.models.share import Share, SharedMessage, SharedPicture
from conversations.models.summary import Summary
from conversations.models.tag import Tag
from conversations.models.titling import Titling

__all__ = [
    "Charge",
    "Conversation",
    "Draft",
    "Folder",
    "Generation",
    "ImportJob",
    "ImportedSource",
    "Limits",
    "Message",
    "Picture",
    "Preset",
    "Prompt",
    "QueuedMessage",
    "SearchEntry",
    "Share",
    "SharedMessage",
    "SharedPicture",
    "Summary",
    "Tag",
    "Titling",
]
