"""A temporary chat leaves no word anywhere: not in the database, its log, or whatever else lies in
the data directory, be its end a good one, an error, a cut, or that its reader has left."""

import asyncio
import json
import time
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import pytest

from providers.fakeupstream.server import Upstream
from tests.faults.conftest import Single, variables_for
from tests.faults.servers import free_port
from tests.faults.visitor import Visitor
from tests.faults.words import WORD, words
from tests.site import in_thread, running

REFUSED = "a-canary-that-nobody-says"
BEFORE, PROMPT = "a-canary-said-before", "a-canary-for-every-turn"
FIELDS = {
    "system_prompt": PROMPT,
    "messages": json.dumps([{"role": "user", "content": BEFORE}]),
}
# The service answers the first with an error; each of the others closes its connection.
TURNS = (
    REFUSED,
    "20 words 5 ms apart",
    "20 words 5 ms apart then cut",
    "20 words 5 ms apart then reset",
)
LONG = "3000 words 20 ms apart"
SETTLE_S = 1.0


async def test_no_word_of_it_is_in_any_file(single: Single, olga: Visitor) -> None:
    found: set[str] = set()
    for text in TURNS:
        async with olga.temporarily(single.site.url, text, **FIELDS) as answer:
            found |= words_in(await lines(answer))
    await asyncio.sleep(SETTLE_S)
    # A reset may take some with it.
    assert len(found) > 2 * 20
    assert files_with(single.folder, REFUSED, BEFORE, PROMPT, *found) == set()


async def test_no_word_of_one_whose_reader_left_is_in_any_file(
    single: Single, olga: Visitor
) -> None:
    async with olga.temporarily(single.site.url, LONG, **FIELDS) as answer:
        told = await lines(answer, most=20)
    await asyncio.sleep(SETTLE_S)
    assert words_in(told)
    assert files_with(single.folder, BEFORE, PROMPT, *words_in(told)) == set()


async def test_what_it_is_looked_for_with_finds_what_is_stored(
    single: Single, olga: Visitor
) -> None:
    asked = await olga.ask(single.site.url, "20 words 5 ms apart")
    await olga.until_ended(single.site.url, asked)
    first = (await olga.text(single.site.url, asked)).split()[0]
    assert files_with(single.folder, first)


async def test_whoever_leaves_closes_the_connection_to_the_service_at_once(
    single: Single, service: Upstream, olga: Visitor
) -> None:
    """The best of some: others use this machine too."""
    assert min([await time_to_leave(single, service, olga) for _ in range(5)]) < 0.05


async def test_many_of_them_hold_up_no_page(single: Single, olga: Visitor) -> None:
    url = single.site.url
    calm = [await olga.seconds_of_a_page(url) for _ in range(10)]
    reading = [asyncio.create_task(read(olga, url)) for _ in range(20)]
    await asyncio.sleep(1)
    under = [await olga.seconds_of_a_page(url) for _ in range(10)]
    assert not any(each.done() for each in reading)
    for each in reading:
        each.cancel()
    await asyncio.wait(reading)
    assert median(under) - median(calm) < 0.5


@pytest.mark.thorough
async def test_one_that_is_being_written_is_finished_before_its_process_ends(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with (
        Upstream(words, port),
        in_thread(running(tmp_path, **variables_for(port))) as site,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        visitor = Visitor(http)
        await visitor.log_in(site.url)
        async with visitor.temporarily(site.url, "60 words 50 ms apart") as answer:
            ending = asyncio.create_task(asyncio.to_thread(site.stop))
            told = await lines(answer)
        assert await ending == 0
    assert len(words_in(told)) == 60
    assert 'data-state="complete"' in told[-1]["content"]


async def read(visitor: Visitor, url: str) -> None:
    async with visitor.temporarily(url, LONG) as answer:
        await lines(answer)


async def lines(answer: aiohttp.ClientResponse, most: int = 100_000) -> list[dict[str, Any]]:
    found = []
    async for line in answer.content:
        if line.strip():
            found.append(json.loads(line))
        if len(found) >= most:
            break
    return found


def words_in(told: list[dict[str, Any]]) -> set[str]:
    said = "".join(line.get("source", "") for line in told)
    return {word[0] for word in WORD.finditer(said)}


async def time_to_leave(single: Single, service: Upstream, visitor: Visitor) -> float:
    async with visitor.temporarily(single.site.url, LONG) as answer:
        await lines(answer, most=10)
        received = service.journal[-1]
        left = time.monotonic()
        answer.close()
        async with asyncio.timeout(5):
            await received.done.wait()
    assert received.disconnected
    return time.monotonic() - left


def files_with(folder: Path, *texts: str) -> set[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    said = {path.name: path.read_bytes() for path in files if path.parent.name != "static"}
    return {name for name, content in said.items() if any(t.encode() in content for t in texts)}
