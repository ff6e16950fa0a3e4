"""Watching an answer from any position, whether it is written here, elsewhere, or finished."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

from conversations import metrics
from conversations.generation import hub, mirror, store
from conversations.generation.live import Live, Mark, Update
from conversations.generation.mirror import Mirror
from conversations.generation.run import Run
from conversations.models import Message


async def follow(answer_id: UUID, mark: Mark | None) -> AsyncGenerator[Update, None]:
    """Everything after `mark`, as it comes; the last update has `ended`."""
    async with (
        _source(answer_id) as source,
        aclosing(_updates(source, mark)) as updates,
    ):
        async for update in updates:
            yield update


async def ended_answer(answer_id: UUID) -> Message | None:
    """The answer as it was stored at its end; None if it was deleted meanwhile."""
    run = hub.find(answer_id)
    if run and run.ended_answer:
        return run.ended_answer
    return await store.reading(store.ended_answer, answer_id)


@asynccontextmanager
async def _source(answer_id: UUID) -> AsyncIterator[Run | Mirror]:
    if run := hub.find(answer_id):
        yield run
        return
    async with mirror.reading(answer_id) as mirrored:
        yield mirrored


async def _updates(source: Run | Mirror, mark: Mark | None) -> AsyncGenerator[Update, None]:
    live = source.live
    changed = live.watch()
    try:
        await source.painter.catch_up()
        lag = _Lag(live)
        while True:
            changed.clear()
            update = live.since(mark)
            mark = update.mark
            if not update.is_empty:
                lag.count()
                yield update
            if update.ended:
                return
            if not update.more:
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
