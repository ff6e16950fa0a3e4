"""An answer that another process writes, or that has ended, as its readers here follow it.

One for all its readers. It reads the row from the database each second, which is enough to be
right; where Redis carries hints, the process that writes sends the text as it comes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from django.db import Error

from conversations import hints
from conversations.generation import store
from conversations.generation.live import Live
from conversations.generation.painter import Painter
from conversations.hints import Hint
from conversations.models.generation import State

logger = logging.getLogger(__name__)

LOOK_S = 1.0
# While the text comes by itself, the row is read for the case that its end gets lost.
LOOK_WHILE_HEARD_S = 3.0
# A page that asks over HTTP is away between two questions, and all would be rendered anew.
LINGER_S = 5.0


class Mirror:
    def __init__(self, answer_id: UUID) -> None:
        self.answer_id = answer_id
        self.live = Live(is_copy=True)
        self.painter = Painter(self.live)
        self.readers = 0
        self.left_at = 0.0
        self.was_read = asyncio.Event()
        self.look_now = asyncio.Event()
        self.is_behind = True
        self._heard_at = float("-inf")
        self.is_over = False

    def hear(self, hint: Hint) -> None:
        """Take what the writer sent, if it goes on from here; else ask for all of it."""
        live = self.live
        if self.is_over:
            return
        if hint["at"] == [len(live.text), len(live.reasoning)]:
            self._add(hint["text"], hint["reasoning"])
        elif hint["at"] == [0, 0]:
            self._show(hint["text"], hint["reasoning"])
        else:
            if not self.is_behind:
                self.is_behind = True
                self.look_now.set()
            return
        self._heard_at = asyncio.get_running_loop().time()
        self.is_behind = False
        if hint["ended"]:
            self.look_now.set()

    async def keep_looking(self) -> None:
        """Until the answer has ended, or the last reader has left and not come back."""
        while self._is_wanted() and not self.live.ended:
            self.look_now.clear()
            hints.tell("watch", answer=str(self.answer_id), anew=self.is_behind)
            try:
                await self._look()
            except Error as error:
                logger.warning("answer %s could not be read: %s", self.answer_id, error)
            await self._pause()

    def leave(self) -> None:
        self.readers -= 1
        self.left_at = asyncio.get_running_loop().time()

    def _is_wanted(self) -> bool:
        return self.readers > 0 or asyncio.get_running_loop().time() < self.left_at + LINGER_S

    async def _look(self) -> None:
        found = await store.reading(store.read, self.answer_id)
        written, state = found or (None, State.INTERRUPTED)
        self.is_over = state is not State.RUNNING
        if written and (self.is_over or self._lacks(written)):
            self._show(written.text, written.reasoning)
        if self.is_over:
            await self.painter.finish()
            self.live.ended = True
            self.live.wake()
        self.was_read.set()

    def _lacks(self, written: store.Written) -> bool:
        """Whether the row has more; what came by itself is usually further than the row."""
        known = len(self.live.text) + len(self.live.reasoning)
        return len(written.text) + len(written.reasoning) > known

    def _show(self, text: str, reasoning: str) -> None:
        live = self.live
        if not (text.startswith(live.text) and reasoning.startswith(live.reasoning)):
            live.start_over()
        self._add(text[len(live.text) :], reasoning[len(live.reasoning) :])

    def _add(self, text: str, reasoning: str) -> None:
        if text:
            self.live.write(text)
        if reasoning:
            self.live.think(reasoning)
        self.painter.request()

    async def _pause(self) -> None:
        if self.live.ended:
            return
        silence = asyncio.get_running_loop().time() - self._heard_at
        # What was asked for anew, or the asking, may be what is lost.
        is_heard = silence <= LOOK_S and not self.is_behind
        seconds = LOOK_WHILE_HEARD_S if is_heard else LOOK_S
        try:
            await asyncio.wait_for(self.look_now.wait(), seconds)
        except TimeoutError:
            return


_mirrors: dict[UUID, Mirror] = {}
_tasks: set[asyncio.Task[None]] = set()


@asynccontextmanager
async def reading(answer_id: UUID) -> AsyncIterator[Mirror]:
    """The mirror of this answer, once it holds what the database does."""
    mirror = _mirrors.get(answer_id) or _begin(answer_id)
    mirror.readers += 1
    try:
        await mirror.was_read.wait()
        yield mirror
    finally:
        mirror.leave()


def hear_text(hint: Hint) -> None:
    if mirror := _mirrors.get(UUID(hint["answer"])):
        mirror.hear(hint)


def _begin(answer_id: UUID) -> Mirror:
    mirror = _mirrors[answer_id] = Mirror(answer_id)
    task = asyncio.create_task(_keep(mirror))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return mirror


async def _keep(mirror: Mirror) -> None:
    try:
        await mirror.keep_looking()
    except Exception:
        # Whoever reads must not be left to wait for ever.
        logger.exception("answer %s can no longer be followed", mirror.answer_id)
    finally:
        # At once and not when the task is found to be done: who comes then needs a new one.
        _mirrors.pop(mirror.answer_id, None)
        mirror.live.ended = True
        mirror.was_read.set()
        mirror.live.wake()
