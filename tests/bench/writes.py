"""What goes to the files of SQLite while a hundred answers are being written: the texts so far are
saved again and again, so the length of an answer counts."""

import asyncio
import time
from collections.abc import Sequence

from tests.bench.chats import SiteChat, connections
from tests.bench.figures import Figure, median
from tests.bench.flow import flowing
from tests.bench.stage import Stage

STREAMS = 100
MODEL = "paced-2000x20"
CHUNK_BYTES = len("word ⟦012345⟧ ".encode())
CHUNKS_PER_S = 50
START_S = 2.0
# When it is looked at, for so long: each answer then has a few KB, and a few dozen.
AFTER_S, LOOK_S = (4.0, 24.0), 3.0
# One takes half a minute.
MOST_REPS = 2


async def figures(stage: Stage, reps: int) -> list[Figure]:
    rounds = [await _round(stage) for _ in range(min(reps, MOST_REPS))]
    failed = sum(failed for _, failed in rounds)
    return [
        *(
            Figure(
                f"{STREAMS} streams of {_length_kb(after):.0f} KB: to SQLite",
                "KB/s",
                [median(rates[place] for rates, _ in rounds), _text_kb_per_s()],
                other="the text alone",
            )
            for place, after in enumerate(AFTER_S)
        ),
        Figure(f"{STREAMS} streams: failed", "", [failed], most=0),
    ]


def _length_kb(after_s: float) -> float:
    """Of an answer in the middle of the look."""
    seconds = after_s + LOOK_S / 2 - START_S / 2
    return seconds * CHUNKS_PER_S * CHUNK_BYTES / 1024


def _text_kb_per_s() -> float:
    return STREAMS * CHUNKS_PER_S * CHUNK_BYTES / 1024


async def _round(stage: Stage) -> tuple[Sequence[float], int]:
    """KB in a second at each look, and the questions that failed."""
    starts = [START_S * place / STREAMS for place in range(STREAMS)]
    async with connections() as http:
        chats = [
            SiteChat(http, stage.site.url, stage.models, session)
            for session in stage.sessions[:STREAMS]
        ]
        began = time.monotonic()
        async with flowing(chats, MODEL, starts) as flow:
            rates = []
            for after in AFTER_S:
                await asyncio.sleep(began + after - time.monotonic())
                rates.append(await _rate(stage))
            return rates, flow.failed


async def _rate(stage: Stage) -> float:
    before, began = stage.site.written_kb(), time.monotonic()
    await asyncio.sleep(LOOK_S)
    return (stage.site.written_kb() - before) / (time.monotonic() - began)
