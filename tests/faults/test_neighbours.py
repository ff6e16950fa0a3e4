"""What one user does or waits for, and how little another notices of it."""

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from statistics import median

import aiohttp
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.faults.accounts import make_account
from tests.faults.conftest import Single, variables_for
from tests.faults.servers import free_port
from tests.faults.visitor import NAME, Asked, Visitor
from tests.faults.words import words

# More threads than any line of pages has.
MANY = 9
NOTICEABLE_S = 0.2


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Single]:
    """A site with two users, each of whom may ask any address of this machine."""
    folder, port = tmp_path_factory.mktemp("shared"), free_port()
    variables = {**variables_for(port), "ALLOWED_PRIVATE_UPSTREAMS": "127.0.0.1"}
    with site.running(folder, **variables) as running:
        make_account("sam", DATA_DIR=str(folder))
        yield Single(running, port, folder)


@pytest.fixture
async def words_service(shared: Single) -> AsyncIterator[Upstream]:
    async with Upstream(words, shared.upstream_port) as running:
        yield running


@pytest.fixture
async def ada(shared: Single) -> AsyncIterator[Visitor]:
    async with _visitor(shared, NAME) as visitor:
        yield visitor


@pytest.fixture
async def sam(shared: Single) -> AsyncIterator[Visitor]:
    async with _visitor(shared, "sam") as visitor:
        yield visitor


async def test_a_stop_closes_the_connection_to_the_service_at_once(
    shared: Single, words_service: Upstream, sam: Visitor
) -> None:
    """The best of some: others use this machine too."""
    assert min([await _time_to_stop(shared, words_service, sam) for _ in range(5)]) < 0.05


async def test_a_stop_waits_for_no_service_of_somebody_else(
    shared: Single, words_service: Upstream, ada: Visitor, sam: Visitor
) -> None:
    with _silent_service() as silent:
        waiting = [
            asyncio.create_task(_add_provider(shared, ada, f"silent {place}", silent))
            for place in range(MANY)
        ]
        await asyncio.sleep(0.5)
        assert await _time_to_stop(shared, words_service, sam) < 1
        assert not any(each.done() for each in waiting)
        for each in waiting:
            each.cancel()


@pytest.mark.parametrize("devices", [1, pytest.param(3, marks=pytest.mark.thorough)])
async def test_slow_pages_of_one_user_hold_up_nobody_else(
    shared: Single, words_service: Upstream, ada: Visitor, sam: Visitor, devices: int
) -> None:
    asked = await ada.ask(shared.site.url, "1 words 1 ms apart")
    await ada.until_ended(shared.site.url, asked)
    sessions = [ada, *[await _on_another_device(shared, ada) for _ in range(devices - 1)]]
    with _locked(shared):
        renaming = [asyncio.create_task(_rename(shared, each, asked)) for each in sessions * MANY]
        await asyncio.sleep(0.5)
        assert max([await sam.seconds_of_a_page(shared.site.url) for _ in range(5)]) < 1
        assert not any(each.done() for each in renaming)
    await asyncio.gather(*renaming)


@pytest.mark.thorough
async def test_ten_log_ins_a_second_hold_up_no_page(
    shared: Single, words_service: Upstream, sam: Visitor
) -> None:
    calm = [await sam.seconds_of_a_page(shared.site.url) for _ in range(20)]
    coming = asyncio.create_task(_log_in_over_and_over(shared))
    await asyncio.sleep(0.5)
    under = [await sam.seconds_of_a_page(shared.site.url) for _ in range(20)]
    assert not coming.done()
    await coming
    # The slowest of them may wait for other programs of this machine.
    assert median(under) - median(calm) < NOTICEABLE_S
    assert max(under) < 1


async def _time_to_stop(shared: Single, service: Upstream, visitor: Visitor) -> float:
    """From the post to the end of the connection to the service, which else has a minute to go."""
    asked = await visitor.ask(shared.site.url, "3000 words 20 ms apart")
    await visitor.watch(shared.site.url, asked, words=3)
    received = service.journal[-1]
    began = time.monotonic()
    stopping = asyncio.create_task(visitor.stop(shared.site.url, asked))
    await asyncio.wait_for(received.done.wait(), 20)
    seconds = time.monotonic() - began
    await stopping
    return seconds


async def _add_provider(shared: Single, visitor: Visitor, name: str, port: int) -> None:
    """It is asked for its models at once."""
    form = {"name": name, "base_url": f"http://127.0.0.1:{port}/v1", "key": "sk-1"}
    form |= {"enabled": "on", "route_order": "fastest"}
    address = f"{shared.site.url}providers/new/"
    async with visitor.http.post(address, data=form, headers=visitor.headers(shared.site.url)):
        pass


async def _on_another_device(shared: Single, visitor: Visitor) -> Visitor:
    other = Visitor(visitor.http)
    await other.log_in(shared.site.url)
    await other.seconds_of_a_page(shared.site.url)
    return other


async def _log_in_over_and_over(shared: Single) -> None:
    """Thirty times, ten in a second, and each comes in: one after the other, since a password is
    slow to compare on purpose."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        coming = []
        for _ in range(30):
            coming.append(asyncio.create_task(Visitor(http).log_in(shared.site.url, seconds=60)))
            await asyncio.sleep(0.1)
        await asyncio.gather(*coming)


async def _rename(shared: Single, visitor: Visitor, asked: Asked) -> None:
    address = f"{shared.site.url}c/{asked.conversation}/title/"
    headers = visitor.headers(shared.site.url)
    async with visitor.http.post(address, data={"title": "Other"}, headers=headers) as answer:
        assert answer.ok, answer.status


@contextmanager
def _locked(shared: Single) -> Iterator[None]:
    """Whoever writes now, waits; whoever reads does not."""
    database = sqlite3.connect(shared.folder / "chatsite.sqlite3", isolation_level=None)
    with closing(database):
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


@contextmanager
def _silent_service() -> Iterator[int]:
    """The port of one that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        yield silent.getsockname()[1]


@asynccontextmanager
async def _visitor(shared: Single, name: str) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor = Visitor(http)
        await visitor.log_in(shared.site.url, name)
        yield visitor
