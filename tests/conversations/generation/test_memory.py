"""An answer that a service never ends is ended, and what was taken of it takes little memory."""

import json

import pytest

from providers.weight import MEGABYTE
from tests.providers.asking_apart import asked
from tests.providers.hostile import EVENTS, Behaviour, Hostile, send, send_for_ever

MOST_MEMORY = 50 * MEGABYTE
APART = "tests.conversations.generation.answering_apart"


def delta(**told: object) -> bytes:
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': told}]})}\n\n".encode()


def calls(numbers: range, arguments: str) -> bytes:
    functions = [{"index": n, "id": f"c{n}", "function": {"arguments": arguments}} for n in numbers]
    return delta(tool_calls=functions)


IMAGES = [delta(images=[{"url": f"data:image/png;base64,{n}{'A' * 7_000_000}"}]) for n in range(5)]
FLOODS = {
    "text": send_for_ever(EVENTS, delta(content="word \U0001f600 " * 2000)),
    "reasoning": send_for_ever(EVENTS, delta(reasoning="word " * 2000)),
    "arguments": send_for_ever(EVENTS, calls(range(1), "x" * 60) * 500),
    "calls": send(EVENTS + b"".join(calls(range(n, n + 50), "") for n in range(0, 100_000, 50))),
    "images": send(EVENTS + b"".join(IMAGES)),
}


@pytest.mark.parametrize("behave", FLOODS.values(), ids=FLOODS)
async def test_an_answer_without_an_end(behave: Behaviour) -> None:
    async with Hostile(behave) as service:
        told = await asked("answer", service.base_url, APART)
    assert "more than" in told["error"]
    assert told["grew"] < MOST_MEMORY
