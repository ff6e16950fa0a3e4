"""Deleted conversations: kept for as long as deleting can be undone, then gone for good."""

import asyncio
import logging

from django.utils import timezone

from conversations.generation import store
from conversations.models import Conversation

logger = logging.getLogger(__name__)

EVERY_S = 3600.0


async def keep_purging() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    while True:
        try:
            await store.writing(purge)
        except Exception:
            logger.exception("purging deleted conversations failed")
        await asyncio.sleep(EVERY_S)


def purge() -> None:
    Conversation.objects.past_undo(timezone.now()).delete()
