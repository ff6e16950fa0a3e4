"""Deleted conversations: kept for as long as deleting can be undone, then gone for good."""

import asyncio
import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from conversations.generation import store
from conversations.models import Conversation

logger = logging.getLogger(__name__)

EVERY_S = 3600.0
# All writers stand still while the log is emptied: whoever reads just now is not waited for.
READERS_MS = 200


async def keep_purging() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    while True:
        try:
            await store.writing(purge)
        except DatabaseError:
            logger.warning("purging deleted conversations failed", exc_info=True)
        await asyncio.sleep(EVERY_S)


def purge() -> None:
    Conversation.objects.past_undo(timezone.now()).delete()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        _empty_log()


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
