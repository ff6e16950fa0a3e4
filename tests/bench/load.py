"""Many questions at once, and what they cost the server."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tests.bench.chats import Chat, RelayChat, SiteChat, Trace, connections
from tests.bench.process import Served
from tests.bench.stage import Stage

RAMP_S = 1.0
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """One round: what came for each question that was answered, and what went wrong."""

    traces: list[Trace]
    failed: int
    cpu_s: float

    @property
    def faults(self) -> int:
        """Questions that failed, chunks that never came, texts that are not what was sent."""
        wrong = sum(trace.text != trace.sent for trace in self.traces)
        return self.failed + wrong + sum(trace.lost() for trace in self.traces)

    def lags_ms(self) -> list[float]:
        return [lag for trace in self.traces for lag in trace.lags_ms()]

    def first_tokens_ms(self) -> list[float]:
        return [trace.first_token_ms for trace in self.traces]

    def ends_ms(self) -> list[float]:
        return [trace.end_ms for trace in self.traces]


async def ask(stage: Stage, server: Served, model: str, count: int) -> Load:
    """`count` users of `server` ask within a second, each in a chat of its own."""
    async with _chats(stage, server, count) as chats:
        before = server.cpu_s()
        traces = [Trace() for _ in chats]
        starts = [RAMP_S * place / count for place in range(count)]
        asking = [_ask(*each, model) for each in zip(chats, traces, starts, strict=True)]
        errors = await asyncio.gather(*asking, return_exceptions=True)
        cpu_s = server.cpu_s() - before
        _say_first([error for error in errors if error])
        answered = [
            (chat, trace)
            for chat, trace, error in zip(chats, traces, errors, strict=True)
            if not error
        ]
        await _read_back(stage, answered)
    return Load([trace for _, trace in answered], count - len(answered), cpu_s)


async def _ask(chat: Chat, trace: Trace, start_s: float, model: str) -> None:
    await asyncio.sleep(start_s)
    async with asyncio.timeout(LIMIT_S):
        await chat.ask(model, trace)


def _say_first(errors: list[BaseException]) -> None:
    """The table has how many; this is why."""
    if errors:
        sys.stderr.write(f"{len(errors)} questions failed, the first with {errors[0]!r}\n")


@asynccontextmanager
async def _chats(stage: Stage, server: Served, count: int) -> AsyncIterator[Sequence[Chat]]:
    async with connections() as http:
        if server is stage.relay:
            yield [RelayChat(http, stage) for _ in range(count)]
            return
        url, models = stage.site.url, stage.models
        chats = [SiteChat(http, url, models, session) for session in stage.sessions[:count]]
        for chat in chats:
            await chat.open()
        try:
            yield chats
        finally:
            for chat in chats:
                await chat.close()


async def _read_back(stage: Stage, answered: list[tuple[Chat, Trace]]) -> None:
    async with aiohttp.ClientSession() as http:
        for chat, trace in answered:
            await chat.read_back(trace)
            async with http.get(f"{stage.upstream.url}sent/{trace.tag}") as sent:
                trace.sent = await sent.text()
