"""Opening pages in Chromium: the first one ever, and long conversations."""

from dataclasses import dataclass

from tests.bench.chromium import profile, tab
from tests.bench.figures import Figure, median
from tests.bench.process import Served
from tests.bench.stage import LongChat, Stage

LAST_MESSAGE_MS = {400: 300.0, 2000: 500.0}


@dataclass(frozen=True, slots=True)
class Load:
    requests: float
    wire_kb: float
    usable_ms: float


async def first_page(stage: Stage, reps: int) -> list[Figure]:
    """By someone who was never here: nothing is cached."""
    site, relay = [], []
    for _ in range(reps):
        site.append(await _first_load(stage.site, stage.sessions[0]))
        relay.append(await _first_load(stage.relay, ""))
    requests, sizes, waits = (
        [median(getattr(load, name) for load in loads) for loads in (site, relay)]
        for name in ("requests", "wire_kb", "usable_ms")
    )
    return [
        Figure("first page: requests", "", requests, most=15),
        Figure("first page: on the wire", "KB", sizes, most=60),
        Figure("first page: to usable input", "ms", waits, most_ratio=3),
    ]


async def phone(stage: Stage, reps: int) -> list[Figure]:
    """The first page on a cheap phone: until one can type, and until Enter sends."""
    waits = [await _first_load_on_a_phone(stage.site, stage.sessions[0]) for _ in range(reps)]
    usable, alive = ([median(times)] for times in zip(*waits, strict=True))
    return [
        Figure("slow phone: to usable input", "ms", usable, most=1000),
        Figure("slow phone: to working scripts", "ms", alive),
    ]


async def _first_load_on_a_phone(server: Served, session: str) -> tuple[float, float]:
    async with profile(server.url, session, 390, 844) as context:
        opened = await tab(context)
        await opened.become_slow()
        await opened.open(server.url)
        return await opened.value("probe.usableInput"), await opened.value("probe.working")


async def _first_load(server: Served, session: str) -> Load:
    async with profile(server.url, session) as context:
        opened = await tab(context)
        await opened.open(server.url)
        usable_ms = await opened.value("probe.usableInput")
        await opened.settle()
        return Load(opened.requests, opened.wire_bytes / 1000, usable_ms)


async def conversations(stage: Stage, reps: int) -> list[Figure]:
    """From the click to the last message drawn; the code is in the cache by then."""
    return [
        Figure(
            f"open a conversation of {length:,} messages",
            "ms",
            [median([await _open(stage, chat) for _ in range(reps)])],
            most=LAST_MESSAGE_MS.get(length),
        )
        for length, chat in stage.long_chats.items()
    ]


async def _open(stage: Stage, chat: LongChat) -> float:
    async with profile(stage.site.url, chat.session) as context:
        opened = await tab(context)
        await opened.open(stage.site.url)
        await opened.settle()
        await opened.open(stage.site.url.rstrip("/") + chat.path)
        return float(await opened.value(f"probe.elementDrawn('{chat.last}')"))
