"""Runs whose process has gone: found at start and every few seconds, and given their end state."""

import asyncio
import logging

from django.db import DatabaseError

from conversations.generation import hub, store

logger = logging.getLogger(__name__)

# With a lease of 10 s, nothing looks like it is being written for longer than 15 s after a crash.
EVERY_S = 5.0


async def keep_looking() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    while True:
        try:
            if found := await store.writing(store.interrupt_abandoned, hub.alive()):
                logger.warning("%d abandoned runs were marked interrupted", found)
        except DatabaseError:
            logger.warning("looking for abandoned runs failed", exc_info=True)
        await asyncio.sleep(EVERY_S)
