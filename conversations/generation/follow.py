"""Watching an answer from any position, whether it is written here, elsewhere, or finished."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

from conversations import metrics
from conversations.generation import hub, store
from conversations.generation.live import Live, Mark, Notice, Update
from conversations.generation.run import Run
from conversations.models import Message
from conversations.models.generation import State
from conversations.rendering.cursor import Cursor, Patch
from conversations.rendering.markdown import render

# How often an answer that another process writes is read again from the database.
ELSEWHERE_S = 1.0


async def follow(answer_id: UUID, mark: Mark | None) -> AsyncIterator[Update]:
    """Everything after `mark`, as it comes; the last update has `ended`."""
    run = hub.find(answer_id)
    updates = _follow_run(run, mark) if run else _follow_rows(answer_id)
    async for update in updates:
        yield update


async def ended_answer(answer_id: UUID) -> Message | None:
    """The answer as it was stored at its end; None if it was deleted meanwhile."""
    run = hub.find(answer_id)
    if run and run.ended_answer:
        return run.ended_answer
    return await store.reading(store.ended_answer, answer_id)


async def _follow_run(run: Run, mark: Mark | None) -> AsyncIterator[Update]:
    live = run.live
    changed = live.watch()
    told: Notice | None = None
    try:
        await run.painter.catch_up()
        lag = _Lag(live)
        while True:
            changed.clear()
            update = live.since(mark)
            if live.notice is not told:
                told = live.notice
                update = replace(update, notice=told)
            mark = update.mark
            if not update.is_empty:
                lag.count()
                yield update
            if update.ended:
                return
            await changed.wait()
    finally:
        live.unwatch(changed)


class _Lag:
    """How late one reader gets to see what is painted. What was there before it came is not late,
    and what it already has is not counted twice."""

    def __init__(self, live: Live) -> None:
        self._live, self._seen = live, live.painted_from

    def count(self) -> None:
        if self._live.painted_from != self._seen:
            self._seen = self._live.painted_from
            metrics.FRAME_LAG.observe(asyncio.get_running_loop().time() - self._seen)


async def _follow_rows(answer_id: UUID) -> AsyncIterator[Update]:
    shown: store.Written | None = None
    while found := await store.reading(store.read, answer_id):
        written, state = found
        ended = state is not State.RUNNING
        if written != shown or ended:
            html = await asyncio.to_thread(render, written.text)
            yield _whole(html, written.reasoning, ended)
            shown = written
        if ended:
            return
        await asyncio.sleep(ELSEWHERE_S)


def _whole(html: str, reasoning: str, ended: bool) -> Update:
    patch = Patch(reset=True, frozen=html, tail="", text="")
    return Update(patch, reasoning, Mark(Cursor(0, 0, 0, 0), 0), ended)
