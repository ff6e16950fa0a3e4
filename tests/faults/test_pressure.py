"""One presses on the site in every way, and another measures what it costs them."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from statistics import median
from typing import Self, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
import pytest

from providers.fakeupstream.journal import Received
from providers.fakeupstream.responses import EVENT_STREAM, chunk, finish
from providers.fakeupstream.script import CUT, Script
from providers.fakeupstream.server import Upstream
from tests import site
from tests.conversations.rendering.test_sanitise import PATHOLOGICAL
from tests.extent import extent
from tests.faults.accounts import make_account
from tests.faults.conftest import Single, variables_for
from tests.faults.servers import free_port
from tests.faults.visitor import NAME, Visitor
from tests.faults.words import words

# Besides, others may use this machine: twice as late as just before is theirs.
NOTICEABLE_S = 0.2
LOOKS = 20
DRIPPING = 200
MOST_RUNS, MOST_SOCKETS = 3, 5
TOO_MUCH = 4429
AT_ONCE = 2
# In the first line, in a header, and in the body.
STARTS = [
    "GET /",
    "GET / HTTP/1.1\r\nHost: {0}\r\nX-Long: ",
    "POST /accounts/login/ HTTP/1.1\r\nHost: {0}\r\nContent-Length: 60000\r\n\r\n",
]

Result = TypeVar("Result")
# Of what is hardest to render; all of it in the whole suite.
TEXTS = [*PATHOLOGICAL][:: extent(1, 16)]


def heavy(received: Received) -> Script:
    """The text that the question names, a few kilobytes at a time; else as it asks."""
    said = str((received.body or {"messages": [{"content": ""}]})["messages"][-1]["content"])
    return _in_pieces(PATHOLOGICAL[said](1)) if said in PATHOLOGICAL else words(received)


def _in_pieces(text: str) -> Script:
    yield EVENT_STREAM
    for start in range(0, len(text), 4096):
        yield chunk(text[start : start + 4096])
        yield 0.01
    yield finish()
    yield CUT


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Single]:
    """A site that gives each of two users little."""
    folder, port = tmp_path_factory.mktemp("strict"), free_port()
    limits = {"LIMIT_RUNS": str(MOST_RUNS), "LIMIT_SOCKETS": str(MOST_SOCKETS)}
    with site.running(folder, **variables_for(port), **limits) as running:
        make_account("sam", DATA_DIR=str(folder))
        yield Single(running, port, folder)


@pytest.fixture
async def http(strict: Single) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        Upstream(heavy, strict.upstream_port),
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        yield session


@pytest.fixture
async def ada(strict: Single, http: aiohttp.ClientSession) -> Visitor:
    visitor = Visitor(http)
    await visitor.log_in(strict.site.url, NAME)
    return visitor


@pytest.fixture
async def sam(strict: Single, http: aiohttp.ClientSession) -> Visitor:
    visitor = Visitor(http)
    await visitor.log_in(strict.site.url, "sam")
    return visitor


@pytest.mark.thorough
async def test_who_is_at_every_limit_is_not_noticed(
    strict: Single, ada: Visitor, sam: Visitor
) -> None:
    url = strict.site.url
    calm = await _measured(sam, url)
    running = [await ada.ask(url, "3000 words 20 ms apart") for _ in range(MOST_RUNS)]
    async with AsyncExitStack() as stack:
        for asked in running:
            link = await stack.enter_async_context(ada.socket(url))
            await link.send_str(json.dumps({"follow": asked.answer, "cursor": ""}))
        for _ in range(MOST_SOCKETS - MOST_RUNS):
            await stack.enter_async_context(ada.socket(url))
        async with _going_on(lambda: _press(ada, url)) as refusals:
            under = await _measured(sam, url)
    for asked in running:
        await ada.stop(url, asked)
    assert {429, TOO_MUCH} <= set(refusals)
    assert under[0] < NOTICEABLE_S + 2 * calm[0]
    assert under[1] < 1000 * NOTICEABLE_S + 2 * calm[1]


async def test_two_hundred_dripping_requests_are_not_noticed(strict: Single, sam: Visitor) -> None:
    url = strict.site.url
    calm = await _measured(sam, url)
    async with _dripping(url) as dripping:
        under = await _measured(sam, url)
        assert sum(each.is_open for each in dripping) == DRIPPING
    assert under[0] < NOTICEABLE_S + 2 * calm[0]
    assert under[1] < 1000 * NOTICEABLE_S + 2 * calm[1]


@pytest.mark.parametrize("name", TEXTS)
async def test_a_text_that_is_hard_to_render_is_not_noticed(
    strict: Single, ada: Visitor, sam: Visitor, name: str
) -> None:
    url = strict.site.url
    calm = await _pages(sam, url)
    asked = await ada.ask(url, name)
    watching, under = asyncio.create_task(ada.watch(url, asked)), []
    async with _going_on(lambda: ada.state(url, asked)):
        while not watching.done():
            under.append(await sam.seconds_of_a_page(url))
    print(f"{name}: {max(under):.3f} s of {len(under)}")  # noqa: T201
    assert (await watching).state == "complete"
    assert median(under) < NOTICEABLE_S + 2 * median(calm)
    assert max(under) < 1 + 4 * median(calm)


async def _measured(visitor: Visitor, url: str) -> tuple[float, float]:
    """How long a page takes, in seconds, and how late the words of an answer are, in ms."""
    asked = await visitor.ask(url, "50 words 20 ms apart")
    pages, watched = await asyncio.gather(_pages(visitor, url), visitor.watch(url, asked))
    print(f"{median(pages):.3f} s, {watched.late_ms(90):.0f} ms")  # noqa: T201
    return median(pages), watched.late_ms(90)


async def _pages(visitor: Visitor, url: str) -> list[float]:
    return [await visitor.seconds_of_a_page(url) for _ in range(LOOKS)]


async def _press(visitor: Visitor, url: str) -> int:
    """One try more than the user may; the code of the refusal."""
    await asyncio.sleep(0.02)
    if random.random() < 0.5:  # noqa: S311 - no secret
        async with visitor.socket(url) as link:
            await link.receive()
            return link.close_code or 0
    form = {"text": "1 words 1 ms apart", "model": visitor.model, "send_id": str(uuid4())}
    async with visitor.http.post(f"{url}c/", data=form, headers=visitor.headers(url)) as answer:
        return answer.status


@asynccontextmanager
async def _going_on(act: Callable[[], Awaitable[Result]]) -> AsyncIterator[list[Result]]:
    """Several at once, over and over; what came of it."""
    results: list[Result] = []

    async def repeat() -> None:
        while True:
            results.append(await act())

    tasks = [asyncio.create_task(repeat()) for _ in range(AT_ONCE)]
    try:
        yield results
        assert not [task for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


class Dripping:
    """A request that never comes to its end, a byte at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def begin(cls, url: str, start: str) -> Self:
        place = urlsplit(url)
        self = cls(*await asyncio.open_connection(place.hostname, place.port))
        self._writer.write(start.format(place.netloc).encode())
        return self

    @property
    def is_open(self) -> bool:
        return not (self._reader.at_eof() or self._writer.is_closing())

    async def drip(self) -> None:
        with suppress(ConnectionError):
            while True:
                self._writer.write(b"x")
                await self._writer.drain()
                await asyncio.sleep(0.2)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def _dripping(url: str) -> AsyncIterator[list[Dripping]]:
    all_of_them = [await Dripping.begin(url, STARTS[n % len(STARTS)]) for n in range(DRIPPING)]
    tasks = [asyncio.create_task(each.drip()) for each in all_of_them]
    try:
        yield all_of_them
    finally:
        for task, each in zip(tasks, all_of_them, strict=True):
            task.cancel()
            each.close()
