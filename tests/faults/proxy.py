"""A network between page and site that breaks when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Budget:
    """How many bytes of the site a connection may still carry."""

    left: int = 10**12


class Proxy:
    """Use as `async with`. A connection is cut, with a reset, after it carried `budget` bytes from
    the site; each has a budget of its own."""

    def __init__(self, url: str) -> None:
        self.target = urlsplit(url)
        self.budget = 10**12
        self.cuts = 0
        self._lost: tuple[bytes, int] | None = None
        self._is_awake = asyncio.Event()
        self._is_awake.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    def lose(self, request: bytes, after: int) -> None:
        """Of the answer to the next request that begins so, only so many bytes arrive."""
        self._lost = request, after

    @asynccontextmanager
    async def asleep(self) -> AsyncIterator[None]:
        """Meanwhile nothing goes through, and nothing is cut."""
        self._is_awake.clear()
        yield
        self._is_awake.set()

    def cut(self) -> None:
        """Whatever is open now; who comes back is let through."""
        for task in self._tasks:
            task.cancel()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self.target.hostname, self.target.port)
        down = Budget(self.budget)
        up = asyncio.ensure_future(self._ask(reader, back, down))
        try:
            # Either side may cut it as well.
            with suppress(ConnectionError):
                self.cuts += await self._pump(there, writer, down)
        finally:
            up.cancel()
            back.transport.abort()
            writer.transport.abort()

    async def _ask(
        self, page: asyncio.StreamReader, site: asyncio.StreamWriter, down: Budget
    ) -> None:
        with suppress(ConnectionError):
            while data := await page.read(65536):
                await self._is_awake.wait()
                if self._lost and data.startswith(self._lost[0]):
                    down.left, self._lost = self._lost[1], None
                site.write(data)
                await site.drain()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, budget: Budget
    ) -> bool:
        """Whether it ended because the budget was used up."""
        while data := await source.read(65536):
            await self._is_awake.wait()
            sink.write(data[: budget.left])
            await sink.drain()
            budget.left -= len(data)
            if budget.left <= 0:
                return True
        return False
