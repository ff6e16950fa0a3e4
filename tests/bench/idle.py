"""What a page costs that is open and does nothing: its websocket, in memory and in CPU."""

import asyncio
import resource
import tempfile
import time
from pathlib import Path

import aiohttp

from tests.bench.chats import SiteChat, connections
from tests.bench.figures import Figure, median
from tests.bench.process import Served, served
from tests.bench.stage import Stage, seed, variables
from tests.site import running

OPEN = 1000
PEOPLE = 50
REST_S = 2.0


async def figures(stage: Stage, reps: int) -> list[Figure]:
    _allow_descriptors(2 * OPEN)
    environment = variables(stage.upstream)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with running(Path(folder), **environment):
            sessions = seed({**environment, "DATA_DIR": folder}, PEOPLE)["sessions"]
        rounds = []
        for _ in range(reps):
            # A process that had them open before keeps the memory for the next.
            with running(Path(folder), **environment) as site:
                rounds.append(await _round(served(site), sessions))
    memory, cpu = (median(each[place] for each in rounds) for place in (0, 1))
    return [
        Figure(f"{OPEN:,} idle sockets: memory of each", "KB", [memory]),
        Figure(f"{OPEN:,} idle sockets: CPU of a second", "ms", [cpu]),
    ]


async def _round(site: Served, sessions: list[str]) -> tuple[float, float]:
    """KB for each socket, and milliseconds of CPU in a second for all of them."""
    async with connections() as http:
        first = [SiteChat(http, site.url, {}, session) for session in sessions]
        await _open(first)
        await asyncio.gather(*(chat.close() for chat in first))
        await asyncio.sleep(REST_S)
        before = site.rss_mb()
        chats = [
            SiteChat(http, site.url, {}, sessions[number % len(sessions)]) for number in range(OPEN)
        ]
        for start in range(0, OPEN, len(sessions)):
            await _open(chats[start : start + len(sessions)])
        await asyncio.sleep(REST_S)
        grown_mb, cpu_ms = site.rss_mb() - before, await _cpu_ms(site)
        await asyncio.gather(*(chat.close() for chat in chats))
    return grown_mb * 1000 / OPEN, cpu_ms


async def _open(chats: list[SiteChat]) -> None:
    """With a word each way, for which both sides make what they need to speak."""
    for socket in await asyncio.gather(*(chat.open() for chat in chats)):
        await socket.send_str('{"ping":1}')
        answered = await socket.receive(10)
        if answered.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"the site closed the socket with {socket.close_code}")


async def _cpu_ms(site: Served) -> float:
    before, began = site.cpu_s(), time.monotonic()
    await asyncio.sleep(2 * REST_S)
    return (site.cpu_s() - before) * 1000 / (time.monotonic() - began)


def _allow_descriptors(count: int) -> None:
    """To this process and those that it starts from now on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
