"""A service that means harm: raw TCP, and after each request a behaviour that was given."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nconnection: close\r\n"
EVENTS = OK + b"content-type: text/event-stream\r\n\r\n"
JSON = OK + b"content-type: application/json\r\n\r\n"


class Hostile:
    """`open` counts the connections of the moment, `accepted` all there were.

    Without `reads` it behaves before it has read a request, without `listens` it never reads on,
    nor sees that the client has left.
    """

    def __init__(self, behave: Behaviour, *, reads: bool = True, listens: bool = True) -> None:
        self.accepted = 0
        self._behave, self._reads, self._listens = behave, reads, listens
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Hostile":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def open(self) -> int:
        return len(self._tasks)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.accepted += 1
        try:
            if self._reads:
                await reader.readuntil(b"\r\n\r\n")
            await _until_left(self._behave(writer), reader if self._listens else None)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()


def send(data: bytes) -> Behaviour:
    """These bytes, then an orderly end."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.write_eof()
        await asyncio.sleep(0.1)

    return behave


def send_for_ever(head: bytes, piece: bytes, pause_s: float = 0) -> Behaviour:
    async def behave(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return behave


def send_and_wait(data: bytes) -> Behaviour:
    """These bytes, and then nothing, for ever."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await asyncio.Event().wait()

    return behave


def send_and_reset(data: bytes) -> Behaviour:
    async def behave(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    return behave


def bomb(start: bytes, repeated: bytes = b"", times: int = 0, layers: int = 1) -> bytes:
    """A response whose body is small on the way and large when it is unpacked."""
    packer = zlib.compressobj(level=1, wbits=zlib.MAX_WBITS | 16)
    parts = [packer.compress(start), *[packer.compress(repeated) for _ in range(times)]]
    body = b"".join([*parts, packer.flush()])
    for _ in range(layers - 1):
        body = gzip.compress(body)
    return OK + f"content-encoding: {', '.join(['gzip'] * layers)}\r\n\r\n".encode() + body


async def _until_left(behaving: Awaitable[None], reader: asyncio.StreamReader | None) -> None:
    tasks = [asyncio.ensure_future(behaving)]
    if reader:
        tasks.append(asyncio.ensure_future(_left(reader)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _left(reader: asyncio.StreamReader) -> None:
    try:
        while await reader.read(64 * 1024):
            pass
    except ConnectionError:
        return
