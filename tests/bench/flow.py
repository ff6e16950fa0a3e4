"""Answers that are being written and watched while something else is measured."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.bench.chats import SiteChat, Trace


@dataclass(frozen=True, slots=True)
class Flow:
    traces: list[Trace]
    asking: list["asyncio.Task[None]"]

    @property
    def failed(self) -> int:
        """Of those that have ended, which none should."""
        return sum(task.done() and bool(task.exception()) for task in self.asking)


@asynccontextmanager
async def flowing(
    chats: Sequence[SiteChat], model: str, starts: Sequence[float]
) -> AsyncIterator[Flow]:
    """Each chat asks so many seconds from now; at the end all are stopped and closed."""
    traces = [Trace() for _ in chats]
    asking = [
        asyncio.create_task(_ask(*each, model)) for each in zip(chats, traces, starts, strict=True)
    ]
    try:
        yield Flow(traces, asking)
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await asyncio.gather(*(chat.stop() for chat in chats))
        for chat in chats:
            await chat.close()


async def _ask(chat: SiteChat, trace: Trace, start_s: float, model: str) -> None:
    await asyncio.sleep(start_s)
    await chat.ask(model, trace)
