"""Pages that no websocket reaches: at the process that writes, at another, and at both in turn."""

import asyncio
from contextlib import suppress
from itertools import cycle

import pytest

from providers.fakeupstream.server import Upstream
from tests.faults.conftest import Pair
from tests.faults.page import Page
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import places

pytestmark = pytest.mark.servers

# As the page does between two questions.
PAUSE_S = 0.25


@pytest.mark.parametrize(
    "where",
    [
        ("first",),
        pytest.param(("second",), marks=pytest.mark.thorough),
        pytest.param(("first", "second"), marks=pytest.mark.thorough),
    ],
)
async def test_it_is_sent_little_more_than_the_answer(
    pair: Pair, upstream: Upstream, ada: Visitor, where: tuple[str, ...]
) -> None:
    asked, page = await ada.ask(pair.first.url, "300 words 15 ms apart"), Page()
    size = await _poll_to_the_end(ada, [getattr(pair, name).url for name in where], asked, page)
    assert places(page.text) == list(range(300))
    assert size < 5 * len(page.text)


async def test_it_waits_where_nothing_comes(pair: Pair, upstream: Upstream, ada: Visitor) -> None:
    asked, page = await ada.ask(pair.first.url, "5 words 1 ms apart then stall"), Page()
    asks = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(4):
            for url in cycle([pair.first.url, pair.second.url]):
                asks += 1
                _take(page, await ada.poll(url, {asked.answer: page.cursor}))
    await ada.stop(pair.first.url, asked)
    assert asks < 6


async def _poll_to_the_end(ada: Visitor, urls: list[str], asked: Asked, page: Page) -> int:
    """The size of all that was sent."""
    size, places = 0, cycle(urls)
    async with asyncio.timeout(60):
        while not page.state:
            size += _take(page, await ada.poll(next(places), {asked.answer: page.cursor}))
            await asyncio.sleep(PAUSE_S)
    return size


def _take(page: Page, answer: tuple[int, str]) -> int:
    status, frames = answer
    assert status == 200
    for frame in frames.splitlines():
        page.take(frame)
    return len(frames)
