"""Deleted conversations: kept for as long as deleting can be undone, then gone for good."""

import asyncio
import logging

from django.utils import timezone

from conversations.generation import store
from conversations.models import Conversation

logger = logging.getLogger(__name__)

EVERY_S = 3600.0
# What else there is to write waits for so many: at ten turns each, some hundredths of a second.
AT_ONCE = 20


async def keep_purging() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    while True:
        try:
            while await store.writing(purge):
                pass
        except Exception:
            logger.exception("purging deleted conversations failed")
        await asyncio.sleep(EVERY_S)


def purge() -> bool:
    """Delete some of those that are due; whether there may be more."""
    due = Conversation.objects.past_undo(timezone.now()).values_list("pk", flat=True)[:AT_ONCE]
    keys = list(due)
    Conversation.objects.filter(pk__in=keys).past_undo(timezone.now()).delete()
    return len(keys) == AT_ONCE
