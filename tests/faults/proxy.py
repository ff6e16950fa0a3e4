"""A network between page and site that breaks when it is told to."""

import asyncio
from urllib.parse import urlsplit


class Proxy:
    """Use as `async with`. A connection is cut, with a reset, after it carried `budget` bytes from
    the site; each has a budget of its own."""

    def __init__(self, url: str) -> None:
        self.target = urlsplit(url)
        self.budget = 10**12
        self.cuts = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self.target.hostname, self.target.port)
        up = asyncio.ensure_future(_pump(reader, back, 10**12))
        try:
            if await _pump(there, writer, self.budget):
                self.cuts += 1
        finally:
            up.cancel()
            back.transport.abort()
            writer.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, budget: int) -> bool:
    """Whether it ended because the budget was used up."""
    while budget and (data := await source.read(min(budget, 65536))):
        sink.write(data)
        await sink.drain()
        budget -= len(data)
    return not budget
