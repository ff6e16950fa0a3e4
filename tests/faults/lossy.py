"""A Redis that loses some of what is told through it."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

MESSAGES = (b"message", b"pmessage")


@dataclass
class Lossy:
    """Between clients and a Redis at `port`; of the messages to who listens, `share` is lost."""

    port: int
    share: float
    chance: random.Random
    url: str = ""
    lost: int = 0
    kept: int = 0

    async def relay(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        server, asks = await asyncio.open_connection("127.0.0.1", self.port)
        asking = asyncio.ensure_future(_copy(client, asks))
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    raw, parts = await _read(server)
                    if parts and parts[0] in MESSAGES and self._is_lost():
                        continue
                    answers.write(raw)
                    await answers.drain()
        finally:
            asking.cancel()
            asks.transport.abort()
            answers.transport.abort()

    def _is_lost(self) -> bool:
        is_lost = self.chance.random() < self.share
        self.lost, self.kept = self.lost + is_lost, self.kept + (not is_lost)
        return is_lost


@asynccontextmanager
async def lossy(port: int, share: float, chance: random.Random) -> AsyncIterator[Lossy]:
    between = Lossy(port, share, chance)
    async with await asyncio.start_server(between.relay, "127.0.0.1", 0) as server:
        between.url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        yield between


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.close()


async def _read(stream: asyncio.StreamReader) -> tuple[bytes, list[bytes]]:
    """The next value of Redis' protocol, as it came and in its parts."""
    raw = await stream.readuntil(b"\r\n")
    kind, said = raw[:1], raw[1:-2]
    if kind in (b"$", b"=") and int(said) >= 0:
        body = await stream.readexactly(int(said) + 2)
        return raw + body, [body[:-2]]
    parts: list[bytes] = []
    for _ in range(int(said) * (2 if kind == b"%" else 1) if kind in b"*>~%" else 0):
        more, of_it = await _read(stream)
        raw, parts = raw + more, parts + of_it
    return raw, parts
