"""The scripted OpenAI-compatible service that the tests know as their only fake.

In a test: `async with Upstream() as upstream`, then `upstream.script(...)` with what to send for
the next request. For browsers: `python -m tests.upstream --port 0`, where the model's name says
what to do, and `GET /journal` tells what was received.
"""

import argparse
import asyncio

from providers.fakeupstream.behaviours import BEHAVIOURS, FAILURES, behave
from providers.fakeupstream.journal import Received
from providers.fakeupstream.responses import (
    EVENT_STREAM,
    answer,
    chunk,
    error,
    finish,
    models,
    response,
)
from providers.fakeupstream.script import CUT, HANG, RESET, Script, Step
from providers.fakeupstream.server import Upstream, serve

__all__ = [
    "BEHAVIOURS",
    "CUT",
    "EVENT_STREAM",
    "FAILURES",
    "HANG",
    "RESET",
    "Received",
    "Script",
    "Step",
    "Upstream",
    "answer",
    "behave",
    "chunk",
    "error",
    "finish",
    "models",
    "response",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    port = parser.parse_args().port
    asyncio.run(serve(behave, port, lambda base_url: print(base_url, flush=True)))  # noqa: T201


if __name__ == "__main__":
    main()
