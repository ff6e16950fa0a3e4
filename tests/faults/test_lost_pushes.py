"""Two processes whose Redis loses a part of what they tell each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.extent import extent, luck
from tests.faults.conftest import Pair
from tests.faults.lossy import Lossy, lossy
from tests.faults.page import Page, follow
from tests.faults.visitor import Visitor
from tests.faults.words import places

pytestmark = [pytest.mark.servers, pytest.mark.thorough]

LOST = 0.3
WORDS = extent(2000, 200)


@pytest.fixture
async def between(pair: Pair) -> AsyncIterator[Lossy]:
    async with lossy(pair.redis.port, LOST, luck()) as redis:
        yield redis


@pytest.fixture
async def urls(pair: Pair, between: Lossy, tmp_path: Path) -> AsyncIterator[list[str]]:
    """The addresses of two more processes, with that Redis."""
    variables = {**pair.variables, "REDIS_URL": between.url}
    async with AsyncExitStack() as stack:
        starting = [
            stack.enter_async_context(site.in_thread(site.running(tmp_path / name, **variables)))
            for name in "cd"
        ]
        yield [each.url for each in await asyncio.gather(*starting)]


async def test_a_page_at_the_other_process_has_every_word_once(
    pair: Pair, upstream: Upstream, ada: Visitor, between: Lossy, urls: list[str]
) -> None:
    asked, page = await ada.ask(urls[0], f"{WORDS} words 15 ms apart"), Page()
    watched, _ = await asyncio.gather(ada.watch(urls[1], asked), follow(ada, urls[1], asked, page))
    assert (page.state, places(page.text)) == ("complete", list(range(WORDS)))
    assert watched.late_ms(90) < 2500
    print(f"lost {between.lost}, kept {between.kept}, late {watched.late_ms(90):.0f} ms")  # noqa: T201
    assert between.lost > WORDS / 50


async def test_a_stop_comes_through_all_the_same(
    pair: Pair, upstream: Upstream, ada: Visitor, between: Lossy, urls: list[str]
) -> None:
    for _ in range(extent(20, 3)):
        asked = await ada.ask(urls[0], "3000 words 20 ms apart")
        await ada.stop(urls[1], asked)
        await asyncio.wait_for(upstream.journal[-1].done.wait(), 1.5)
        assert await ada.state(urls[1], asked) == "stopped"
