"""What was deleted, conversations and messages: kept for as long as that can be undone, then gone
for good."""

import asyncio
import logging

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from conversations.generation import store
from conversations.models import Conversation, Folder, Message, Preset, Prompt, QueuedMessage
from conversations.search.tables import forget_some

logger = logging.getLogger(__name__)

EVERY_S = 3600.0
# What else there is to write waits for so many: at ten turns each, some hundredths of a second.
AT_ONCE = 20
MESSAGES_AT_ONCE = 200
# All writers stand still while the log is emptied: whoever reads just now is not waited for.
READERS_MS = 200


async def keep_purging() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    while True:
        try:
            while await store.writing(purge):
                pass
        except Exception:
            logger.exception("purging what was deleted failed")
        await asyncio.sleep(EVERY_S)


def purge() -> bool:
    """Delete some of what is due, or take a step of forgetting its words; whether there may be
    more to do."""
    if _purge_messages():
        return True
    due = Conversation.objects.past_undo(timezone.now()).values_list("pk", flat=True)[:AT_ONCE]
    keys = list(due)
    Conversation.objects.filter(pk__in=keys).past_undo(timezone.now()).delete()
    for rows in (Folder.objects, Preset.objects, Prompt.objects, QueuedMessage.everything):
        rows.past_undo(timezone.now()).delete()
    if len(keys) == AT_ONCE or forget_some(connection):
        return True
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        _empty_log()
    return False


@transaction.atomic
def _purge_messages() -> bool:
    """Some of the messages that were deleted by themselves; whether there may be more."""
    due = Message.objects.past_undo(timezone.now()).values_list("pk", flat=True)[:MESSAGES_AT_ONCE]
    keys = list(due)
    # None takes along what follows it, which may be as deep as the branch was.
    Message.objects.filter(parent__in=keys).update(parent=None)
    Message.objects.filter(pk__in=keys).delete()
    return len(keys) == MESSAGES_AT_ONCE


def _empty_log() -> None:
    """SQLite's log holds what was deleted until that is written over. If it cannot be emptied now
    it will be in an hour."""
    timeout_ms = int(settings.DATABASES["default"]["OPTIONS"]["timeout"] * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {READERS_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {timeout_ms}")
