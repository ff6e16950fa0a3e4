"""All that somebody said here, deleted at one word."""

from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from conversations import watching
from conversations.importing import files
from conversations.locks import lock_chats, lock_owner
from conversations.models import (
    Conversation,
    Draft,
    Folder,
    ImportedSource,
    Message,
    Preset,
    Prompt,
    QueuedMessage,
    Tag,
)
from conversations.models.conversation import UNDO_PERIOD
from conversations.models.generation import State


def erase(user: AbstractBaseUser) -> list[Message]:
    """Every conversation, draft and import, and what the user keeps for them: gone for everybody
    at once and for good, and conversations from the disk when `purging` comes by. Gives back the
    answers that are being written, to be stopped."""
    with transaction.atomic():
        mine = Conversation.objects.filter(owner_id=user.pk)
        lock_chats(mine)
        lock_owner(user.pk)
        files.forget(user)
        running = Message.objects.filter(conversation__in=mine, generation__state=State.RUNNING)
        found = list(running)
        # As if it had been long ago: nobody can take it back.
        mine.update(deleted_at=timezone.now() - 2 * UNDO_PERIOD)
        ImportedSource.objects.filter(owner_id=user.pk).delete()
        Draft.objects.for_user(user).delete()
        QueuedMessage.everything.filter(author_id=user.pk).delete()
        for kind in (Folder, Tag, Preset, Prompt):
            kind._default_manager.filter(owner_id=user.pk).delete()
        transaction.on_commit(partial(watching.list_changed, user.pk))
    return found
