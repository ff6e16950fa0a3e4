"""Passing a run on to the processes that have readers of it, as `mirror` there asks for it.

Each is sent what it lacks, twenty times a second and only while it goes on asking. Nobody waits
for anybody: what is lost on the way is noticed there by the positions, and asked for again.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from conversations import hints
from conversations.generation import hub
from conversations.generation.live import Live
from conversations.generation.run import Run
from conversations.hints import Hint

FRAME_S = 0.05
# Whoever has readers says so every second or two.
INTEREST_S = 8.0


@dataclass(slots=True)
class Reader:
    """Another process, how long its interest lasts, and what it was sent."""

    until: float
    restarts: int = -1
    text: int = 0
    reasoning: int = 0

    def take(self, live: Live) -> dict[str, Any] | None:
        """What it lacks; None if nothing. `at` is where that begins, in text and reasoning."""
        if self.restarts != live.restarts:
            self.restarts, self.text, self.reasoning = live.restarts, 0, 0
        at, text, reasoning = [self.text, self.reasoning], live.text, live.reasoning
        self.text, self.reasoning = len(text), len(reasoning)
        if at == [self.text, self.reasoning] and not live.ended:
            return None
        more = {"text": text[at[0] :], "reasoning": reasoning[at[1] :]}
        return {"at": at, **more, "ended": live.ended}


_readers: dict[Run, dict[str, Reader]] = {}
_passing: asyncio.Task[None] | None = None


def hear_watch(hint: Hint) -> None:
    global _passing
    run, name = hub.find(UUID(hint["answer"])), str(hint["from"])
    if run is None:
        return
    until = asyncio.get_running_loop().time() + INTEREST_S
    readers = _readers.setdefault(run, {})
    if name in readers and not hint["anew"]:
        readers[name].until = until
    else:
        readers[name] = Reader(until)
    if _passing is None or _passing.done():
        _passing = asyncio.create_task(_keep_passing_on())


async def _keep_passing_on() -> None:
    while _readers:
        now = asyncio.get_running_loop().time()
        for run, readers in list(_readers.items()):
            # Also its end, and then it is no longer the run of this answer.
            if not _pass_on(run, readers, now):
                del _readers[run]
        await asyncio.sleep(FRAME_S)


def _pass_on(run: Run, readers: dict[str, Reader], now: float) -> bool:
    """Whether there will be more to pass on."""
    for name, reader in list(readers.items()):
        if reader.until < now:
            del readers[name]
        elif more := reader.take(run.live):
            hints.tell("text", name, answer=str(run.order.answer_id), **more)
    return bool(readers) and not run.live.ended
