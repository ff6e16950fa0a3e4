"""Watching an answer from any position, whether it is written here, elsewhere, or finished."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from uuid import UUID

from conversations import metrics
from conversations.generation import hub, mirror, store
from conversations.generation.live import Live, Mark, Update
from conversations.generation.mirror import Mirror
from conversations.generation.run import Run
from conversations.models import Message
from conversations.models.generation import State

# From an end that was none to the next look at who writes now.
AGAIN_S = 1.0


async def follow(answer_id: UUID, mark: Mark | None) -> AsyncGenerator[Update, None]:
    """Everything after `mark`, as it comes; the last update has `ended`, and what is stored.

    Where a run or a mirror ends and the answer has not, because it was lost, or taken by another
    process, or could not be read, whoever writes it now is followed instead.
    """
    while True:
        async with (
            _source(answer_id) as source,
            aclosing(_updates(source, mark)) as updates,
        ):
            async for update in updates:
                if update.ended:
                    break
                mark = update.mark
                yield update
        if _has_seen_the_end(source):
            stored = await _stored(source, answer_id)
            if stored is None or stored.generation.state != State.RUNNING:
                yield replace(update, stored=stored)
                return
        await asyncio.sleep(AGAIN_S)


@asynccontextmanager
async def _source(answer_id: UUID) -> AsyncIterator[Run | Mirror]:
    if run := hub.find(answer_id) or await _lately(answer_id):
        yield run
        return
    async with mirror.reading(answer_id) as mirrored:
        yield mirrored


async def _lately(answer_id: UUID) -> Run | None:
    """The run that wrote the end that the answer has."""
    run = hub.lately(answer_id)
    if run and run.ended_at == await store.reading(store.ended_at, answer_id):
        return run
    return None


def _has_seen_the_end(source: Run | Mirror) -> bool:
    return source.is_over if isinstance(source, Mirror) else not source.is_lost


async def _stored(source: Run | Mirror, answer_id: UUID) -> Message | None:
    if isinstance(source, Run):
        return source.ended_answer
    return await store.reading(store.ended_answer, answer_id)


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
