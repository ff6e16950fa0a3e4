"""The last half minute of a process: it takes no new question, and its answers may finish."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from conversations.generation import hub, unstored

logger = logging.getLogger(__name__)

LOOK_S = 0.05

_begun = False
_asking = 0
_lock = Lock()


def has_begun() -> bool:
    return _begun


@contextmanager
def asking() -> Iterator[None]:
    """Around all that lies between the look whether draining has begun and the start of the run:
    a question may wait for the database on the way, and who drains waits for it."""
    _count(+1)
    try:
        yield
    finally:
        _count(-1)


async def drain(seconds: float) -> None:
    """From now on no answer is begun here; returns once none is being written, or after so long."""
    global _begun
    _begun = True
    if running := _running() + _asking:
        logger.info(
            "stopping: %d answers have %d s to finish; a second signal ends at once",
            running,
            seconds,
        )
    if not await _comes(lambda: not (_running() or _asking), seconds):
        logger.warning("%d answers were not finished in time", _running())


async def settle(seconds: float) -> None:
    """Until what is being asked has its run, or after so long: for who does not drain to the end,
    so that these runs end with the others."""
    await _comes(lambda: not _asking, seconds)


def forget() -> None:
    """For a process that serves again, as those of tests do."""
    global _begun
    _begun = False


def _running() -> int:
    return len(hub.alive()) + len(unstored.alive())


def _count(step: int) -> None:
    global _asking
    with _lock:
        _asking += step


async def _comes(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it does within this time."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - threads count too
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        return condition()
    return True
