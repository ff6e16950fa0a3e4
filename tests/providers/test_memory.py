"""What is large and complete becomes no more in memory than a service may take; measured as the
memory of a process that asks nothing else."""

import pytest

from providers.weight import MEGABYTE
from tests.providers.asking_apart import asked
from tests.providers.hostile import EVENTS, JSON, Behaviour, Hostile, send

MOST_MEMORY = 50 * MEGABYTE
EMOJI = "\U0001f600".encode()
MESSAGE = b'{"choices":[{"index":0,"message":{"content":"%b"},"finish_reason":"stop"}]}'
DELTA = b'data: {"choices":[{"index":0,"delta":{"content":"%b"}}]}\n\ndata: [DONE]\n\n'
IMAGE = b'{"choices":[{"delta":{"images":[{"image_url":{"url":"data:image/png;base64,%b"}}]}}]}'


def many(piece: bytes, size: int) -> bytes:
    return piece * (size // len(piece))


def listed(name: bytes, pieces: bytes) -> bytes:
    return b'{"' + name + b'":[' + pieces.removesuffix(b",") + b"]}"


BODIES = {
    "lists": many(b"[],", 9 * MEGABYTE),
    "few_lists": many(b"[],", MEGABYTE),
    "objects": many(b'{"a":{}},', 9 * MEGABYTE),
    "few_objects": many(b'{"a":{}},', 600_000),
    "names": b"".join(b'"%x",' % number for number in range(200_000)),
    "numbers": many(b"1,", 9 * MEGABYTE),
}


@pytest.mark.parametrize("pieces", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(
    ("function", "name"),
    [("stream", b"choices"), ("whole", b"choices"), ("models", b"data"), ("vectors", b"data")],
)
async def test_a_body_of_many_parts(function: str, name: bytes, pieces: bytes) -> None:
    async with Hostile(send(JSON + listed(name, pieces))) as service:
        told = await asked(function, service.base_url)
    assert told["grew"] < MOST_MEMORY
    # It was 3.5 s; most of what is left is the collector of garbage, on a machine that is busy.
    assert told["blocked_s"] < 2


@pytest.mark.parametrize(
    ("function", "behave", "is_read"),
    [
        ("whole", send(JSON + MESSAGE % (EMOJI + b"a" * 9 * MEGABYTE)), False),
        ("whole", send(JSON + MESSAGE % (EMOJI + b"a" * 3 * MEGABYTE)), True),
        ("whole", send(JSON + MESSAGE % (b"a" * 9 * MEGABYTE)), True),
        ("stream", send(EVENTS + DELTA % (EMOJI + b"a" * 9 * MEGABYTE)), False),
        ("stream", send(EVENTS + DELTA % (EMOJI + b"a" * 3 * MEGABYTE)), True),
        (
            "stream",
            send(EVENTS + b"data: " + IMAGE % (b"A" * 9 * MEGABYTE) + b"\n\ndata: [DONE]\n\n"),
            True,
        ),
        ("stream", send(EVENTS + b"data: " + listed(b"choices", BODIES["lists"]) + b"\n\n"), False),
        (
            "stream",
            send(EVENTS + b"data: " + listed(b"choices", BODIES["few_lists"]) + b"\n\n"),
            False,
        ),
        ("stream", send(EVENTS + many(b"data: 5\n", 9 * MEGABYTE)), False),
    ],
    ids=[
        *("too_wide", "wide", "long", "too_wide_line", "wide_line", "image"),
        *("line_of_lists", "line_of_few_lists", "lines"),
    ],
)
async def test_a_long_text(function: str, behave: Behaviour, is_read: bool) -> None:
    async with Hostile(behave) as service:
        told = await asked(function, service.base_url)
    assert told["grew"] < MOST_MEMORY
    assert (told["error"] == "") == is_read
