"""A page at one process, and its conversation changed at another: how soon it is told."""

import json
import time

import aiohttp
import pytest

from conversations.heads import GONE
from conversations.watching import EVERY_S
from providers.fakeupstream.server import Upstream
from tests.faults.conftest import Pair
from tests.faults.visitor import Asked, Visitor

pytestmark = pytest.mark.servers


async def test_with_redis_it_is_told_in_a_moment(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    assert await time_to_tell(pair, ada) < 1


@pytest.mark.thorough
async def test_without_redis_it_is_told_within_five_seconds(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    with pair.without_redis():
        assert await time_to_tell(pair, ada) < 5


async def test_a_word_that_is_lost_is_said_again(
    pair: Pair, upstream: Upstream, ada: Visitor
) -> None:
    asked = await ada.ask(pair.first.url, "1 words 1 ms apart")
    async with ada.socket(pair.second.url) as socket:
        await say(socket, asked, "another")
        first, second = await told(socket), await told(socket)
    assert first == second


async def time_to_tell(pair: Pair, ada: Visitor) -> float:
    """From the deleting at the first process to the word of it at the second."""
    asked = await ada.ask(pair.first.url, "1 words 1 ms apart")
    await ada.until_ended(pair.first.url, asked)
    async with ada.socket(pair.second.url) as socket:
        await say(socket, asked, "another")
        await say(socket, asked, await told(socket))
        began = time.monotonic()
        await ada.delete(pair.first.url, asked)
        assert await told(socket) == GONE
        return time.monotonic() - began


async def say(socket: aiohttp.ClientWebSocketResponse, asked: Asked, head: str) -> None:
    await socket.send_str(json.dumps({"watch": asked.conversation, "head": head}))


async def told(socket: aiohttp.ClientWebSocketResponse) -> str:
    """The next head; what is new in the list comes the same way."""
    while True:
        frame = json.loads(await socket.receive_str(timeout=2 * EVERY_S + 1))
        if "changed" in frame:
            return str(frame["changed"])
