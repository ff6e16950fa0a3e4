"""A page at one process, and a run of another."""

import asyncio
import time

import pytest

from providers.fakeupstream.journal import Received
from providers.fakeupstream.server import Upstream
from tests.faults.conftest import Pair
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import is_start, places

pytestmark = pytest.mark.servers

LONG = "3000 words 20 ms apart"


async def test_a_page_at_the_other_process_sees_the_words_as_they_come(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await ada.ask(pair.first.url, "100 words 20 ms apart")
    here, there = await asyncio.gather(
        ada.watch(pair.first.url, asked), ada.watch(pair.second.url, asked)
    )
    assert (here.state, there.state) == ("complete", "complete")
    assert len(there.lags_ms) == 100
    assert there.late_ms(90) < 200, (here.late_ms(90), there.late_ms(90))


async def test_many_pages_at_the_other_process_see_the_same(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await ada.ask(pair.first.url, "50 words 20 ms apart")
    pages = await asyncio.gather(*(ada.watch(pair.second.url, asked) for _ in range(10)))
    assert [(page.state, len(page.lags_ms)) for page in pages] == [("complete", 50)] * 10


async def test_without_redis_the_other_process_is_a_second_behind(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    with pair.without_redis():
        asked = await ada.ask(pair.first.url, "100 words 20 ms apart")
        there = await ada.watch(pair.second.url, asked)
    assert (there.state, len(there.lags_ms)) == ("complete", 100)
    assert there.late_ms(90) < 2500


async def test_a_stop_at_the_other_process_closes_the_connection_to_the_service(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked, received = await running(pair, upstream, ada)
    seconds = await time_to_stop(pair, ada, asked, received)
    assert seconds < 0.3
    assert await ada.state(pair.second.url, asked) == "stopped"
    assert is_start(await ada.text(pair.first.url, asked))


async def test_without_redis_a_stop_takes_up_to_a_second(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    with pair.without_redis():
        asked, received = await running(pair, upstream, ada)
        assert await time_to_stop(pair, ada, asked, received) < 1.5
        assert await ada.state(pair.second.url, asked) == "stopped"


async def test_deleting_at_the_other_process_ends_the_run(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked, received = await running(pair, upstream, ada)
    await ada.delete(pair.second.url, asked)
    await asyncio.wait_for(received.done.wait(), 1)
    assert received.disconnected


async def test_the_text_is_whole_at_both(pair: Pair, upstream: Upstream, ada: Visitor) -> None:
    asked = await ada.ask(pair.first.url, "200 words 1 ms apart")
    assert await ada.until_ended(pair.second.url, asked) == "complete"
    assert places(await ada.text(pair.second.url, asked)) == list(range(200))


async def running(pair: Pair, upstream: Upstream, ada: Visitor) -> tuple[Asked, Received]:
    """A long answer of the first process, some words of which have come, and its request."""
    asked = await ada.ask(pair.first.url, LONG)
    await ada.watch(pair.second.url, asked, words=10)
    return asked, upstream.journal[-1]


async def time_to_stop(pair: Pair, ada: Visitor, asked: Asked, received: Received) -> float:
    """From the post at the second process to the end of the first's connection to the service."""
    began = time.monotonic()
    posting = asyncio.create_task(ada.stop(pair.second.url, asked))
    await asyncio.wait_for(received.done.wait(), 5)
    seconds = time.monotonic() - began
    await posting
    assert received.disconnected
    return seconds
