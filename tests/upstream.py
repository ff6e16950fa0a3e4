"""A scripted OpenAI-compatible service over real TCP: the only fake that the tests know.

In a test: `async with Upstream() as upstream`, then `upstream.script(...)` with what to send for
the next request. For browsers: `python -m tests.upstream --port 0`, where the model's name says
what to do (`BEHAVIOURS`), and `GET /journal` tells what was received.
"""

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Step = bytes | float | str
Script = Iterable[Step]

CUT, RESET, HANG = "cut", "reset", "hang"
FAILURES = ("cut", "html", "error-401", "error-429", "error-500")
EVENT_STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
MARKDOWN = """# A heading

Some **bold** words, a [link](https://example.org/page) and `code`.

- first
- second
  - nested

| name | value |
| --- | ---: |
| one | 1 |

```python
def greet(name: str) -> str:
    return f"hello {name}"
```

最后一段**中文**。
"""


@dataclass
class Received:
    """One request: what it asked, and whether the client left before the end."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    disconnected: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event, repr=False)


class Upstream:
    def __init__(self, behave: "Callable[[Received], Script] | None" = None, port: int = 0) -> None:
        self.journal: list[Received] = []
        self.connections = 0
        self._port = port
        self._scripts: list[Script] = []
        self._behave = behave
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Upstream":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    def script(self, *steps: Step) -> None:
        """What to send for the next request: bytes, seconds to wait, or CUT, RESET, HANG."""
        self._scripts.append(steps)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            ahead: bytes | None = b""
            while ahead is not None and (received := await _read(reader, ahead)):
                self.journal.append(received)
                steps = self._scripts.pop(0) if self._scripts else self._default(received)
                ahead = await _play(steps, received, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    def _default(self, received: Received) -> Script:
        if received.path in {"/journal", "/v1/journal"}:
            return [response(200, "application/json", self._told().encode())]
        return self._behave(received) if self._behave else answer("Hello", " world")

    def _told(self) -> str:
        names = ("method", "path", "headers", "body", "disconnected")
        return json.dumps([{name: getattr(r, name) for name in names} for r in self.journal])


def answer(*pieces: str, keep_alive: bool = False, usage: bool = True) -> list[Step]:
    """A whole streamed answer, a chunk for each piece."""
    body = b"".join([*map(chunk, pieces), finish(usage=usage)])
    if not keep_alive:
        return [EVENT_STREAM, body, CUT]
    return [response(200, "text/event-stream", body)]


def chunk(text: str) -> bytes:
    return _event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})


def finish(reason: str = "stop", *, usage: bool = True) -> bytes:
    end = _event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    counts = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    reported = _event({"choices": [], "usage": counts}) if usage else b""
    return end + reported + b"data: [DONE]\n\n"


def response(status: int, content_type: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def error(status: int, message: str, code: str = "") -> bytes:
    body = json.dumps({"error": {"message": message, "type": "error", "code": code}})
    return response(status, "application/json", body.encode())


def models(*ids: str) -> bytes:
    body = {"object": "list", "data": [{"id": name, "object": "model"} for name in ids]}
    return response(200, "application/json", json.dumps(body).encode())


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


async def _read(reader: asyncio.StreamReader, ahead: bytes) -> Received | None:
    try:
        head = (ahead + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, path, _ = head[0].split(" ", 2)
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    raw = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, headers, json.loads(raw) if raw else None)


async def _play(
    steps: Script, received: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bytes | None:
    """What the client has sent on already; None if the connection is at its end."""
    playing = asyncio.ensure_future(_send(steps, writer))
    watching = asyncio.ensure_future(_see_leave(reader))
    await asyncio.wait({playing, watching}, return_when=asyncio.FIRST_COMPLETED)
    if not playing.done() and not await watching:
        received.disconnected = True
        playing.cancel()
    await asyncio.wait({playing})
    is_open = not playing.cancelled() and not playing.exception() and playing.result()
    # A client may ask again as soon as it has read the end; that byte is not lost.
    watching.cancel()
    await asyncio.wait({watching})
    received.done.set()
    return (b"" if watching.cancelled() else watching.result()) if is_open else None


async def _see_leave(reader: asyncio.StreamReader) -> bytes:
    """Nothing if the client left; else the first byte of its next request."""
    try:
        return await reader.read(1)
    except ConnectionError:
        return b""


async def _send(steps: Script, writer: asyncio.StreamWriter) -> bool:
    for step in steps:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        elif isinstance(step, int | float):
            await asyncio.sleep(step)
        elif step == HANG:
            await asyncio.sleep(3600)
        else:
            if step == RESET:
                writer.transport.abort()
            return False
    return True


def behave(received: Received) -> Script:
    """What the server for browsers does: the model's name is the behaviour."""
    if received.path.endswith("/models"):
        return [models("echo", "history", "markdown", "slow-40x50", "slow-200x50", *FAILURES)]
    messages = (received.body or {}).get("messages") or [{"content": ""}]
    name = str((received.body or {}).get("model"))
    if match := re.fullmatch(r"slow-(\d+)x(\d+)", name):
        return _slowly(int(match[1]), int(match[2]) / 1000)
    if match := re.fullmatch(r"error-(\d{3})", name):
        return [error(int(match[1]), "scripted failure")]
    return BEHAVIOURS.get(name, BEHAVIOURS["echo"])(messages)


BEHAVIOURS: dict[str, Callable[[list[dict[str, Any]]], Script]] = {
    "echo": lambda messages: answer(str(messages[-1]["content"])),
    "history": lambda messages: answer(
        "```json\n", json.dumps(messages, indent=1, ensure_ascii=False), "\n```\n"
    ),
    "markdown": lambda _: [
        EVENT_STREAM,
        *(part for piece in re.findall(r"[\s\S]{1,12}", MARKDOWN) for part in (chunk(piece), 0.02)),
        finish(),
        CUT,
    ],
    "cut": lambda _: [EVENT_STREAM, chunk("The first half, "), 0.3, chunk("and then"), 0.3, CUT],
    "html": lambda _: [response(200, "text/html", b"<!doctype html><title>Relay</title>")],
    "hang": lambda _: [EVENT_STREAM, HANG],
}


def _slowly(words: int, pause: float) -> Script:
    yield EVENT_STREAM
    for number in range(words):
        yield chunk(f"word{number} ")
        yield pause
    yield finish()
    yield CUT


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    async with Upstream(behave, parser.parse_args().port) as upstream:
        sys.stdout.write(upstream.base_url + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
