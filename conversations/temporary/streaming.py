"""The response that carries an answer that is stored nowhere: lines of JSON, for as long as it is
being written.

First the HTML of the turn, then the frames that other pages get over their socket, each after a
line with the `source` of the answer as far as it shows it; with `whole` that replaces all of it.
An empty line says nothing but that somebody is there.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from conversations import sockets
from conversations.frames import update_frame
from conversations.generation import store, unstored
from conversations.generation.live import Live, Mark, Update
from conversations.generation.run import Run
from conversations.models.generation import State
from conversations.sockets import News
from conversations.temporary.page import ended

# The server takes a reader for gone to whom nothing has moved in a minute, and proxies do sooner.
BEAT_S = 15.0


class Reader:
    """Who reads along: counted as a socket is, and let in no longer than one."""

    def __init__(self, run: Run, user: Any, language: str) -> None:
        self.loop = asyncio.get_running_loop()
        self.run, self.user, self.language = run, user, language
        self.is_over = False
        self.changed = run.live.watch()

    async def close(self, code: int) -> None:
        self.is_over = True
        self.changed.set()

    async def hear(self, news: News) -> None:
        """The page reads its list anew when it is opened again."""


async def lines(
    first: str, run: Run, user: Any, session: Any, language: str
) -> AsyncGenerator[str, None]:
    """Begins the run, and ends it with whoever reads: nobody else could ever come back to it."""
    reader = Reader(run, user, language)
    sockets.opened(user, session, reader)
    unstored.start(run)
    try:
        yield _line({"id": str(run.order.answer_id), "content": first})
        async with aclosing(_updates(reader)) as updates:
            async for line in updates:
                yield line
    finally:
        run.end(State.STOPPED)
        run.live.unwatch(reader.changed)
        sockets.closed(user.pk, reader)


async def _updates(reader: Reader) -> AsyncGenerator[str, None]:
    live, number = reader.run.live, 0
    mark: Mark | None = None
    source = _Source(live)
    while not reader.is_over:
        reader.changed.clear()
        update = live.since(mark)
        mark = update.mark
        if told := source.after(update):
            yield told
        if not update.is_empty:
            number += 1
            yield await _frame(reader, number, update)
        if update.ended:
            return
        if not update.more and not await _comes(reader.changed):
            yield "\n"


class _Source:
    """The text that the page sends back with the next question: as far as its HTML has come."""

    def __init__(self, live: Live) -> None:
        self._live, self._said, self._is_whole = live, 0, False

    def after(self, update: Update) -> str:
        """A line; '' for nothing new."""
        if update.patch.reset:
            self._said, self._is_whole = 0, True
        end = update.mark.document.length
        # On the way to where it is, an update does not tell how far that is.
        if update.more or not (self._is_whole or end > self._said):
            return ""
        line = _line({"source": self._live.text[self._said : end], "whole": self._is_whole})
        self._said, self._is_whole = end, False
        return line


async def _frame(reader: Reader, number: int, update: Update) -> str:
    run, language, foot = reader.run, reader.language, ""
    if update.ended:
        foot = await store.reading(ended, run, reader.user, language)
    return update_frame(number, run.order.answer_id, update, language, foot) + "\n"


async def _comes(changed: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(BEAT_S):
            await changed.wait()
    except TimeoutError:
        return False
    return True


def _line(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"
