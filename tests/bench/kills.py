"""How long a page shows an answer as being written whose process was killed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.bench.chats import SiteChat, Trace, connections
from tests.bench.figures import Figure, median
from tests.bench.several import Several, several
from tests.bench.stage import Stage
from tests.site import Site, running

KILLS = 12
AT_ONCE = 4
MODEL = "paced-2000x20"
FOUND_S = 20.0
MOST_S = 10.0
END = b'data-state=\\"interrupted\\"'


async def figures(stage: Stage) -> list[Figure]:
    waits: list[float] = []
    with several(1, stage.upstream, KILLS) as site:
        async with connections() as http:
            for first in range(0, KILLS, AT_ONCE):
                batch = [_killed(http, site, number) for number in range(first, first + AT_ONCE)]
                waits += await asyncio.gather(*batch)
    return [
        Figure("killed to “interrupted” in the page: p50", "s", [median(waits)]),
        Figure(f"killed to “interrupted”: longest of {KILLS}", "s", [max(waits)], most=MOST_S),
    ]


async def _killed(http: aiohttp.ClientSession, site: Several, number: int) -> float:
    """Seconds from the end of the process that writes to the end of the answer in the page, which
    is open at another one."""
    trace, session = Trace(), site.sessions[number]
    async with _victim(site, number) as victim:
        chat = SiteChat(http, victim.url, site.models, session, site.processes[0].url)
        asking = asyncio.create_task(chat.ask(MODEL, trace))
        # Spread over a second: that is how often the others look.
        await asyncio.sleep(2 + number / KILLS)
        victim.process.kill()
        killed_ns = time.time_ns()
        await asyncio.wait_for(asking, FOUND_S)
        await chat.close()
    at_ns, frame = trace.arrivals[-1]
    if END not in frame:
        raise RuntimeError(f"the answer ended otherwise: {frame[-500:]!r}")
    return (at_ns - killed_ns) / 1e9


@asynccontextmanager
async def _victim(site: Several, number: int) -> AsyncIterator[Site]:
    serving = running(site.folder / f"victim-{number}", **site.environment)
    started = await asyncio.to_thread(serving.__enter__)
    try:
        yield started
    finally:
        await asyncio.to_thread(serving.__exit__, None, None, None)
