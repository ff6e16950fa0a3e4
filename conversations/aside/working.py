"""The background of a process in which models are asked beside conversations: when an answer has
ended here, or when somebody has asked for it here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from django.db import Error

from conversations.aside.summaries import keep_up
from conversations.aside.titling import entitle
from conversations.generation import hub
from conversations.models import Message
from conversations.models.generation import State

logger = logging.getLogger(__name__)

# More wait: whoever chats goes before what nobody is waiting for.
AT_ONCE = 4

_worker: "Worker | None" = None


def summarise_soon(conversation_id: UUID) -> None:
    """Have a summary made of what does not fit, from any thread, once the change is committed."""
    if worker := _worker:
        worker.loop.call_soon_threadsafe(worker.begin, partial(keep_up, conversation_id))


async def keep_working() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    global _worker
    async with asyncio.TaskGroup() as tasks:
        _worker = Worker(tasks)
        hub.when_ended(_after)
        try:
            await asyncio.Event().wait()
        finally:
            _worker = None


class Worker:
    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self.loop = asyncio.get_running_loop()
        self._tasks = tasks
        self._room = asyncio.Semaphore(AT_ONCE)

    def begin(self, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks.create_task(self._do(work))

    async def _do(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._room:
            try:
                await work()
            except Error as error:
                logger.warning("work beside a conversation failed: %s", error)
            except Exception:
                # Whatever it was: the next answer is another try, and others wait too.
                logger.exception("work beside a conversation failed")


def _after(answer: Message) -> None:
    if _worker is None:
        return
    _worker.begin(partial(keep_up, answer.conversation_id))
    if answer.generation.state == State.COMPLETE:
        _worker.begin(partial(entitle, answer))
