"""A service that goes silent: the answer ends in the time that its provider was given, says why,
and takes no room any more."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from providers.fakeupstream.journal import Received
from providers.fakeupstream.responses import EVENT_STREAM
from providers.fakeupstream.script import HANG, Script
from providers.fakeupstream.server import Upstream
from tests import site
from tests.faults.conftest import variables_for
from tests.faults.servers import free_port
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import is_start, words
from tests.terminal import python

FIRST_S, IDLE_S, TOTAL_S = 2, 1, 4
LIMITS = f"""
from providers.models import Provider
Provider.objects.update(first_byte_s={FIRST_S}, idle_s={IDLE_S}, total_s={TOTAL_S})
"""
# Room for this many at once, so that one that was not given back is noticed.
AT_ONCE = 2
SPARE_S = 3.0
COMMENTS: list[bytes | float | str] = [b": still here\n\n", 0.2] * 1000
STAGES = {
    "nothing at all": FIRST_S,
    "headers alone": FIRST_S,
    "comments for ever": TOTAL_S,
    "30 words 5 ms apart then stall": IDLE_S,
}


def silent(received: Received) -> Script:
    match received.path.endswith("/chat/completions") and str(
        received.body["messages"][-1]["content"]
    ):
        case "nothing at all":
            return [HANG]
        case "headers alone":
            return [EVENT_STREAM, HANG]
        case "comments for ever":
            return [EVENT_STREAM, *COMMENTS]
    return words(received)


@pytest.fixture
async def visited(tmp_path: Path) -> AsyncIterator[tuple[Visitor, str]]:
    variables = {**variables_for(port := free_port()), "LIMIT_RUNS": str(AT_ONCE)}
    async with (
        Upstream(silent, port),
        site.in_thread(site.running(tmp_path, **variables)) as running,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        await asyncio.to_thread(python, tmp_path, LIMITS, **variables)
        visitor = Visitor(http)
        await visitor.log_in(running.url)
        yield visitor, running.url


@pytest.mark.thorough
async def test_it_ends_in_its_time_with_its_reason_and_gives_its_room_back(
    visited: tuple[Visitor, str],
) -> None:
    visitor, url = visited
    for question, limit_s in STAGES.items():
        began = time.monotonic()
        asked = [await visitor.ask(url, question) for _ in range(AT_ONCE)]
        states = [await visitor.until_ended(url, each) for each in asked]
        assert states == ["failed"] * AT_ONCE, question
        assert limit_s - 0.2 < time.monotonic() - began < limit_s + SPARE_S, question
        assert is_start(await visitor.text(url, asked[0])), question
        assert await _says_why(visitor, url, asked[0]), question
    later = [await visitor.ask(url, "3 words 1 ms apart") for _ in range(AT_ONCE)]
    assert [await visitor.until_ended(url, each) for each in later] == ["complete"] * AT_ONCE


async def _says_why(visitor: Visitor, url: str, asked: Asked) -> bool:
    """In words, with a way to try again."""
    address = f"{url}c/{asked.conversation}/"
    async with visitor.http.get(address, headers=visitor.headers(url)) as answer:
        page = await answer.text()
    return bool(re.search("too long|in time|silent", page)) and f"{asked.answer}/retry/" in page
