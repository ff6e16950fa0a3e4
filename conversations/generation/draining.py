"""The last half minute of a process: it takes no new question, and its answers may finish."""

import asyncio
import logging

from conversations.generation import hub

logger = logging.getLogger(__name__)

_begun = False


def has_begun() -> bool:
    return _begun


async def drain(seconds: float) -> None:
    """From now on no answer is begun here; returns once none is being written, or after so long."""
    global _begun
    _begun = True
    if running := len(hub.alive()):
        logger.info(
            "stopping: %d answers have %d s to finish; a second signal ends at once",
            running,
            seconds,
        )
    try:
        # A question that was stored just before its process was told is still on its way here.
        async with asyncio.timeout(seconds):
            while writing := [run for run in map(hub.find, hub.alive()) if run]:
                await writing[0].wait()
    except TimeoutError:
        logger.warning("%d answers were not finished in time", len(hub.alive()))


def forget() -> None:
    """For a process that serves again, as those of tests do."""
    global _begun
    _begun = False
