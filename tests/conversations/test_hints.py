"""Word between two processes: this one, and one that the test plays over Redis itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
from redis.asyncio import Redis

from conversations import hints
from conversations.hints import EVERYBODY, NAME, Hint
from tests.faults import servers
from tests.faults.servers import Server

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def redis() -> Iterator[tuple[Server, str]]:
    with servers.redis() as running:
        yield running


@pytest.fixture
async def other(redis: tuple[Server, str]) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis[1]) as client:
        yield client


@pytest.fixture
async def heard(redis: tuple[Server, str], other: Redis) -> AsyncIterator["asyncio.Queue[Hint]"]:
    """What this process hears of the kind `word`."""
    queue: asyncio.Queue[Hint] = asyncio.Queue()
    handlers = {"word": queue.put_nowait, "bad": lambda hint: hint["missing"]}
    listening = asyncio.create_task(hints.keep_listening(redis[1], "site", handlers))
    await _listeners(other, 2)
    yield queue
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def _listeners(other: Redis, wanted: int) -> None:
    channels = f"chatsite:site:{EVERYBODY}", f"chatsite:site:{NAME}"
    async with asyncio.timeout(10):
        while sum(count for _, count in await other.pubsub_numsub(*channels)) < wanted:
            await asyncio.sleep(0.02)


async def _say(other: Redis, to: str, **hint: object) -> None:
    await other.publish(f"chatsite:site:{to}", json.dumps({"from": "other", **hint}))


@pytest.mark.parametrize("to", [EVERYBODY, NAME], ids=["all", "this process"])
async def test_what_is_told_to_all_or_to_this_process_is_heard(
    to: str, heard: "asyncio.Queue[Hint]", other: Redis
) -> None:
    await _say(other, to, kind="word", answer="x")
    assert (await asyncio.wait_for(heard.get(), 5))["answer"] == "x"


async def test_nonsense_and_a_failing_handler_do_not_end_the_listening(
    heard: "asyncio.Queue[Hint]", other: Redis
) -> None:
    await other.publish(f"chatsite:site:{EVERYBODY}", b"\xff not json")
    await _say(other, EVERYBODY, kind="bad")
    await _say(other, EVERYBODY, kind="unknown")
    await _say(other, EVERYBODY, kind="word")
    assert (await asyncio.wait_for(heard.get(), 5))["kind"] == "word"


async def test_what_this_process_tells_others_hear_and_it_does_not(
    heard: "asyncio.Queue[Hint]", other: Redis
) -> None:
    async with other.pubsub() as listener:
        await listener.subscribe(f"chatsite:site:{EVERYBODY}")
        await listener.get_message(timeout=5)
        await asyncio.to_thread(hints.tell, "word", answer="y")
        message = await listener.get_message(timeout=5)
    assert json.loads(message["data"]) == {"kind": "word", "from": NAME, "answer": "y"}
    assert heard.empty()


async def test_it_listens_again_once_redis_is_back(
    redis: tuple[Server, str], heard: "asyncio.Queue[Hint]", other: Redis
) -> None:
    with redis[0].away():
        hints.tell("word", answer="lost")
        await other.connection_pool.disconnect()
    await _listeners(other, 2)
    await _say(other, EVERYBODY, kind="word", answer="later")
    assert (await asyncio.wait_for(heard.get(), 5))["answer"] == "later"


async def test_without_redis_telling_does_nothing() -> None:
    hints.tell("word", answer="x")


async def test_a_redis_that_talks_nonsense_is_asked_again() -> None:
    came = asyncio.Event()
    times: list[float] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        times.append(asyncio.get_running_loop().time())
        if len(times) > 3:
            came.set()
        writer.write(b":not a number\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    listening = asyncio.create_task(hints.keep_listening(url, "site", {}))
    await asyncio.wait_for(came.wait(), 5)
    listening.cancel()
    server.close()
