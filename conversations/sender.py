"""Sends the next message that waits, once the answer before it is complete.

The process that wrote the answer does it at once. What it did not get to, because it died, or a
limit was in the way, a look every two seconds finds, in whichever process.
"""

import asyncio
import logging
from collections.abc import Awaitable, Collection
from typing import TypeVar
from uuid import UUID

from django.db import Error

from conversations import queueing
from conversations.generation import draining, hub, store
from conversations.models import Message
from conversations.models.generation import State

R = TypeVar("R")

logger = logging.getLogger(__name__)

EVERY_S = 2.0

_sender: "Sender | None" = None


def soon(conversation_id: UUID) -> None:
    """Have it looked at at once, from any thread, once the change is committed."""
    if sender := _sender:
        sender.loop.call_soon_threadsafe(sender.note, conversation_id)


async def keep_sending() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    global _sender
    _sender = Sender()
    hub.when_ended(_next_after)
    try:
        await asyncio.gather(_sender.send_noted(), _sender.send_found())
    finally:
        _sender = None


def _next_after(answer: Message) -> None:
    if answer.generation.state == State.COMPLETE:
        soon(answer.conversation_id)


class Sender:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._noted: set[UUID] = set()
        self._has_noted = asyncio.Event()

    def note(self, conversation_id: UUID) -> None:
        self._noted.add(conversation_id)
        self._has_noted.set()

    async def send_noted(self) -> None:
        while True:
            await self._has_noted.wait()
            self._has_noted.clear()
            noted, self._noted = self._noted, set()
            await _try_to_send(noted)

    async def send_found(self) -> None:
        while True:
            await _try_to_send([None])
            await asyncio.sleep(EVERY_S)


async def _try_to_send(where: Collection[UUID | None]) -> None:
    """In these conversations; None stands for all."""
    for conversation_id in where:
        found = await _tried(store.reading(queueing.due, conversation_id))
        for each in found or ():
            await _tried(_send_next(each))


async def _tried(work: Awaitable[R]) -> R | None:
    try:
        return await work
    except Error as error:
        logger.warning("sending what waits failed: %s", error)
    except Exception:
        # Whatever it was: the next look may find it otherwise, and others wait too.
        logger.exception("sending what waits failed")
    return None


async def _send_next(conversation_id: UUID) -> None:
    with draining.asking():
        sent = await store.writing(queueing.send_next, conversation_id)
        for order in sent.orders if sent else ():
            await hub.start(order)
