"""Postgres or Redis stopped or paused while answers are being written."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager

import pytest

from providers.fakeupstream.server import Upstream
from tests.extent import extent
from tests.faults.conftest import Pair
from tests.faults.servers import Server
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import places

pytestmark = pytest.mark.servers

AWAY_S = extent(10, 3)
LONG_S = extent(30, 20)
STREAMS = extent(20, 5)
# Some end before the server is away, some meanwhile, some after it.
LENGTHS = [20, 60, 100, 100 * AWAY_S]

Absence = Callable[[Server], AbstractContextManager[None]]
HOW = pytest.mark.parametrize(
    "how",
    [Server.away, pytest.param(Server.paused, marks=pytest.mark.thorough)],
    ids=["stopped", "paused"],
)
HOW_POSTGRES = pytest.mark.parametrize(
    "how",
    [
        Server.away,
        *(pytest.param(how, marks=pytest.mark.thorough) for how in (Server.paused, Server.full)),
    ],
    ids=["stopped", "paused", "full"],
)


@asynccontextmanager
async def written(pair: Pair, ada: Visitor) -> AsyncIterator[list[Asked]]:
    """Answers of both processes, on their way when the block begins and at their end after it."""
    urls = [pair.first.url, pair.second.url]
    questions = [f"{LENGTHS[number % 4]} words 15 ms apart" for number in range(STREAMS)]
    asked = [await ada.ask(urls[number % 2], each) for number, each in enumerate(questions)]
    yield asked
    for each in asked:
        await ada.until_ended(pair.second.url, each, 60)


@HOW
async def test_without_redis_for_a_while_every_answer_is_whole(
    pair: Pair, upstream: Upstream, ada: Visitor, how: Absence
) -> None:
    async with written(pair, ada) as asked:
        with how(pair.redis):
            await asyncio.sleep(AWAY_S)
    texts = [await ada.text(pair.first.url, each) for each in asked]
    counts = [LENGTHS[number % 4] for number in range(STREAMS)]
    assert [places(text) for text in texts] == [list(range(count)) for count in counts]


@HOW_POSTGRES
async def test_without_postgres_for_a_while_every_answer_has_its_end_and_its_text(
    pair: Pair, upstream: Upstream, ada: Visitor, how: Absence
) -> None:
    async with written(pair, ada) as asked:
        with how(pair.postgres):
            await asyncio.sleep(AWAY_S)
    texts = [await ada.text(pair.first.url, each) for each in asked]
    states = [await ada.state(pair.first.url, each) for each in asked]
    counts = [LENGTHS[number % 4] for number in range(STREAMS)]
    assert states == ["complete"] * STREAMS
    assert [places(text) for text in texts] == [list(range(count)) for count in counts]


@pytest.mark.thorough
async def test_answers_that_end_while_postgres_is_away_wait_for_as_long(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await ada.ask(pair.first.url, "100 words 15 ms apart")
    with pair.postgres.away():
        await asyncio.sleep(LONG_S)
    assert await ada.until_ended(pair.second.url, asked, 60) == "complete"
    assert places(await ada.text(pair.second.url, asked)) == list(range(100))


@HOW
async def test_pages_that_watch_meanwhile_get_the_rest_or_are_told_to_come_back(
    pair: Pair, upstream: Upstream, ada: Visitor, how: Absence
) -> None:
    asked = await ada.ask(pair.first.url, f"{100 * AWAY_S} words 15 ms apart")
    urls = (pair.first.url, pair.second.url)
    watching = [asyncio.create_task(ada.watch(url, asked)) for url in urls]
    await asyncio.sleep(0.3)
    with how(pair.postgres):
        await asyncio.sleep(AWAY_S)
    async with asyncio.timeout(60):
        pages = await asyncio.gather(*watching)
    assert all(page.state == "complete" or page.code == 1013 for page in pages)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["postgres", "redis"])
async def test_ready_says_what_is_away_and_when_it_is_back(
    pair: Pair, ada: Visitor, name: str
) -> None:
    server: Server = getattr(pair, name)
    with server.away():
        async with ada.http.get(f"{pair.first.url}readyz") as answer:
            assert answer.status == 503
    async with asyncio.timeout(5):
        while await _status(ada, f"{pair.first.url}readyz") != 200:
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("how", [Server.away, Server.full], ids=["stopped", "full"])
async def test_a_question_that_cannot_be_stored_is_refused_and_not_lost_in_silence(
    pair: Pair, upstream: Upstream, ada: Visitor, how: Absence
) -> None:
    await ada.ask(pair.first.url, "1 words 1 ms apart")
    with how(pair.postgres):
        form = {"text": "1 words 1 ms apart", "model": ada.model}
        headers = ada.headers(pair.first.url)
        async with ada.http.post(f"{pair.first.url}c/", data=form, headers=headers) as answer:
            assert answer.status == 503


async def test_what_stands_in_for_pages_says_when_to_come_back_and_leaves_no_traceback(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await ada.ask(pair.first.url, "1 words 1 ms apart")
    before = _log(pair).count("Traceback")
    with pair.postgres.away():
        assert (await ada.poll(pair.first.url, {asked.answer: ""}))[0] == 503
        assert (await ada.watch(pair.first.url, asked)).code == 1013
    assert _log(pair).count("Traceback") == before
    assert re.search(r"/updates/ could not be answered.*\[request \w+\]$", _log(pair), re.MULTILINE)


def _log(pair: Pair) -> str:
    return pair.first.log.read_text(encoding="utf-8")


async def _status(ada: Visitor, address: str) -> int:
    async with ada.http.get(address) as answer:
        return answer.status
