"""The service itself: real TCP, HTTP/1.1, on loopback unless told otherwise."""

import asyncio
from collections.abc import Callable

from providers.fakeupstream.choosing import Choose
from providers.fakeupstream.journal import Received, journal_of, receive
from providers.fakeupstream.responses import answer, response
from providers.fakeupstream.script import HOLD, Script, Step, play

LOOPBACK = "127.0.0.1"
JOURNAL = frozenset({"/journal", "/v1/journal"})
RELEASE = frozenset({"/release", "/v1/release"})


class Upstream:
    """Use as `async with`. Each request gets the next of what was scripted, then what `choose`
    says, then a greeting; `journal` holds all of them, oldest first."""

    def __init__(self, choose: Choose | None = None, port: int = 0, host: str = LOOPBACK) -> None:
        self.journal: list[Received] = []
        self.connections = 0
        self._place = (host, port)
        self._scripts: list[Script] = []
        self._choose = choose
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Event()

    async def __aenter__(self) -> "Upstream":
        # Each write is a packet of its own: asyncio turns Nagle's algorithm off.
        self._server = await asyncio.start_server(self._accept, *self._place)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def base_url(self) -> str:
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1"

    def script(self, *steps: Step) -> None:
        """What to send for the next request: bytes, seconds to wait, or CUT, RESET, HANG, HOLD."""
        self._scripts.append(steps)

    def release(self) -> None:
        """Whatever holds now goes on."""
        self._gate.set()
        self._gate = asyncio.Event()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            ahead: bytes | None = b""
            while ahead is not None and (received := await receive(reader, ahead)):
                self.journal.append(received)
                script = self._held(self._script_for(received))
                ahead = await play(script, received, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _script_for(self, received: Received) -> Script:
        if self._scripts:
            return self._scripts.pop(0)
        if received.path in JOURNAL:
            return [response(200, "application/json", journal_of(self.journal))]
        if received.path in RELEASE:
            self.release()
            return [response(200, "application/json", b"{}")]
        return self._choose(received) if self._choose else answer("Hello", " world")

    def _held(self, script: Script) -> Script:
        """The gate as it is at the request in the place of each HOLD: a release may come first."""
        gate = self._gate
        return (gate if step == HOLD else step for step in script)


async def serve(
    choose: Choose, port: int, ready: Callable[[str], object], host: str = LOOPBACK
) -> None:
    """Serve until it is cancelled; `ready` is told the base URL. OSError if the port is taken."""
    async with Upstream(choose, port, host) as upstream:
        ready(upstream.base_url)
        await asyncio.Event().wait()
