"""A service, asked in a process of its own, which tells what that did to its memory.

`python -m tests.providers.asking_apart FUNCTION BASE_URL` prints one JSON object: how many bytes
it `grew` at the most, how long its loop stood still (`blocked_s`), and the `error`, '' for none.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypedDict

from providers.client import close, complete_chat, list_models, stream_chat
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import UpstreamError
from providers.media import EmbeddingRequest
from providers.media_client import embed
from providers.messages import ChatRequest, Message

REQUEST = ChatRequest("m", (Message("user", "hi"),))
LIMITS = TimeLimits(total=60)


class Told(TypedDict):
    grew: int
    blocked_s: float
    error: str


async def asked(function: str, base_url: str, module: str = __name__) -> Told:
    command = (sys.executable, "-m", module, function, base_url)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    told: Told = json.loads((await process.communicate())[0])
    return told


async def stream(endpoint: Endpoint) -> None:
    async for _ in stream_chat(endpoint, REQUEST):
        pass


async def whole(endpoint: Endpoint) -> None:
    await complete_chat(endpoint, REQUEST)


async def models(endpoint: Endpoint) -> None:
    await list_models(endpoint)


async def vectors(endpoint: Endpoint) -> None:
    await embed(endpoint, EmbeddingRequest("m", ("hi",)))


FUNCTIONS: dict[str, Callable[[Endpoint], Awaitable[None]]] = {
    "stream": stream,
    "whole": whole,
    "models": models,
    "vectors": vectors,
}


class Pulse:
    """The longest time for which nothing else could be done on this loop."""

    def __init__(self) -> None:
        self.blocked_s = 0.0

    async def beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            self.blocked_s = max(self.blocked_s, time.perf_counter() - before - 0.01)


async def ask(function: str, base_url: str) -> Told:
    pulse, error = Pulse(), ""
    before = _memory("VmRSS")
    beating = asyncio.create_task(pulse.beat())
    try:
        await FUNCTIONS[function](Endpoint(base_url, "sk-1", limits=LIMITS))
    except UpstreamError as failed:
        error = str(failed)
    # One more beat, or the last standstill would not be seen.
    await asyncio.sleep(0.05)
    beating.cancel()
    await close()
    return {"grew": _memory("VmHWM") - before, "blocked_s": pulse.blocked_s, "error": error}


def _memory(name: str) -> int:
    """Of this process, in bytes: its memory now (VmRSS), or the most there was (VmHWM)."""
    told = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert told
    return int(told[1]) * 1024


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(*sys.argv[1:]))))  # noqa: T201
