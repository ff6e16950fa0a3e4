"""A page at one process, and a run of another."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from providers.fakeupstream.journal import Received
from providers.fakeupstream.server import Upstream
from tests import site
from tests.faults.conftest import Pair
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import is_start, places

pytestmark = pytest.mark.servers

LONG = "3000 words 20 ms apart"
Act = Callable[[Visitor, str, Asked], Awaitable[None]]


async def test_a_page_at_the_other_process_sees_the_words_as_they_come(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await ada.ask(pair.first.url, "100 words 20 ms apart")
    here, there = await asyncio.gather(
        ada.watch(pair.first.url, asked), ada.watch(pair.second.url, asked)
    )
    assert (here.state, there.state) == ("complete", "complete")
    assert len(there.lags_ms) == 100
    assert there.late_ms(90) < here.late_ms(90) + 200


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


async def test_what_goes_on_at_the_other_process_is_followed_from_the_first(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await stopped_and_continued(pair, ada, "200 words 10 ms apart")
    watched = await ada.watch(pair.first.url, asked)
    assert (watched.state, max(watched.lags_ms)) == ("complete", 199)
    assert places(await ada.text(pair.first.url, asked)) == list(range(200))


@pytest.mark.parametrize("act", [Visitor.stop, Visitor.delete], ids=["stop", "delete"])
async def test_what_goes_on_at_the_other_process_is_ended_from_the_first(
    pair: Pair, upstream: Upstream, ada: Visitor, act: Act
) -> None:
    asked = await stopped_and_continued(pair, ada, LONG)
    received = upstream.journal[-1]
    await act(ada, pair.first.url, asked)
    await asyncio.wait_for(received.done.wait(), 1)
    assert received.disconnected


async def test_the_text_is_whole_at_both(pair: Pair, upstream: Upstream, ada: Visitor) -> None:
    asked = await ada.ask(pair.first.url, "200 words 1 ms apart")
    assert await ada.until_ended(pair.second.url, asked) == "complete"
    assert places(await ada.text(pair.second.url, asked)) == list(range(200))


async def test_a_slow_query_of_one_holds_up_no_stream(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await ada.ask(pair.first.url, "150 words 20 ms apart")
    watching = [ada.watch(url, asked) for url in (pair.first.url, pair.second.url)]
    pages = asyncio.gather(*watching)
    await asyncio.sleep(0.5)
    await asyncio.to_thread(_hold_the_providers, pair, 2)
    assert [page.state for page in await pages] == ["complete", "complete"]
    assert max(page.late_ms(90) for page in pages.result()) < 250


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("signals", "state"), [(1, "complete"), (2, "interrupted")], ids=["once", "twice"]
)
async def test_a_question_that_is_being_stored_when_its_process_has_to_end_gets_its_answer(
    pair: Pair, upstream: Upstream, ada: Visitor, tmp_path: Path, signals: int, state: str
) -> None:
    with site.running(tmp_path, **pair.variables) as leaving:
        await ada.until_ended(leaving.url, await ada.ask(leaving.url, "1 words 1 ms apart"))
        with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
            connection.execute("LOCK TABLE conversations_generation IN SHARE MODE")
            asking = asyncio.create_task(ada.ask(leaving.url, "100 words 10 ms apart"))
            await asyncio.sleep(0.5)
            for _ in range(signals):
                leaving.process.send_signal(signal.SIGTERM)
                await asyncio.sleep(0.7)
        asked = await asking
        assert await asyncio.to_thread(leaving.process.wait, 20) == 0
    assert await ada.state(pair.second.url, asked) == state
    assert is_start(await ada.text(pair.second.url, asked))


@pytest.mark.thorough
def test_two_that_start_at_once_on_an_empty_database_both_serve(pair: Pair, tmp_path: Path) -> None:
    with psycopg.connect(pair.variables["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
    url = pair.variables["DATABASE_URL"].replace("/postgres", "/empty")
    variables = {**pair.variables, "DATABASE_URL": url}
    with ExitStack() as stack:
        starting = [
            stack.enter_context(site.started(tmp_path / name, "--port", "0", **variables))
            for name in "ab"
        ]
        assert all(each.read_until("^Ready: ") for each in starting)


def _hold_the_providers(pair: Pair, seconds: float) -> None:
    """Whoever asks for a page now waits as long, with the thread that it is answered in."""
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        connection.execute("LOCK TABLE providers_model, conversations_conversation")
        time.sleep(seconds)


async def running(pair: Pair, upstream: Upstream, ada: Visitor) -> tuple[Asked, Received]:
    """A long answer of the first process, some words of which have come, and its request."""
    asked = await ada.ask(pair.first.url, LONG)
    await ada.watch(pair.second.url, asked, words=10)
    return asked, upstream.journal[-1]


async def stopped_and_continued(pair: Pair, ada: Visitor, question: str) -> Asked:
    """An answer of the first process that the second goes on with."""
    asked = await ada.ask(pair.first.url, question)
    await ada.watch(pair.first.url, asked, words=10)
    await ada.stop(pair.first.url, asked)
    await ada.go_on(pair.second.url, asked)
    await ada.watch(pair.second.url, asked, words=20)
    return asked


async def time_to_stop(pair: Pair, ada: Visitor, asked: Asked, received: Received) -> float:
    """From the post at the second process to the end of the first's connection to the service."""
    began = time.monotonic()
    posting = asyncio.create_task(ada.stop(pair.second.url, asked))
    await asyncio.wait_for(received.done.wait(), 5)
    seconds = time.monotonic() - began
    await posting
    assert received.disconnected
    return seconds
