"""Processes killed at random moments, and told to end while they write."""

import asyncio
import random
import signal
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.faults.conftest import Pair, variables_for
from tests.faults.extent import extent, luck
from tests.faults.servers import free_port
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import is_start, places, words
from tests.site import Site

KILLS = extent(25, 3)
AT_ONCE = 5
FOUND_S = 10.0
# What is saved is never older than this: a checkpoint, and the time that it takes.
LOST_S = 1.5


@pytest.fixture
async def service() -> AsyncIterator[tuple[Upstream, dict[str, str]]]:
    """A scripted service, and the variables of a site that asks it."""
    port = free_port()
    async with Upstream(words, port) as running:
        yield running, variables_for(port)


async def test_after_a_kill_the_next_start_finds_each_answer_and_its_text(
    tmp_path: Path, service: tuple[Upstream, dict[str, str]]
) -> None:
    chance, variables = luck(), service[1]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor, left = Visitor(http), list[tuple[Asked, float]]()
        for _ in range(KILLS):
            async with _serving(tmp_path, variables) as running:
                await _come_in(visitor, running)
                # Most are killed once more before what the last one left was found.
                if len(left) > 12:
                    await _all_interrupted(visitor, running, left)
                    left = []
                left += await _ask_and_kill(visitor, running, chance)
        async with _serving(tmp_path, variables) as running:
            await _all_interrupted(visitor, running, left)
    with sqlite3.connect(tmp_path / "chatsite.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.servers
async def test_after_a_kill_another_process_finds_each_answer_and_its_text(
    pair: Pair, upstream: Upstream, ada: Visitor, tmp_path: Path
) -> None:
    chance = luck()

    async def start_and_kill(number: int) -> None:
        async with _serving(tmp_path / str(number), pair.variables) as victim:
            left = await _ask_and_kill(ada, victim, chance)
        await _all_interrupted(ada, pair.first, left)

    for first in range(0, KILLS, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, KILLS))
        await asyncio.gather(*map(start_and_kill, numbers))


@pytest.mark.servers
async def test_a_process_that_was_paused_for_long_does_not_write_over_its_end(
    pair: Pair, upstream: Upstream, ada: Visitor, tmp_path: Path
) -> None:
    async with _serving(tmp_path, pair.variables) as sleeper:
        asked = await ada.ask(sleeper.url, "3000 words 10 ms apart")
        await asyncio.sleep(1)
        sleeper.process.send_signal(signal.SIGSTOP)
        await _all_interrupted(ada, pair.first, [(asked, 1.0)])
        before = await ada.text(pair.first.url, asked)
        sleeper.process.send_signal(signal.SIGCONT)
        await asyncio.wait_for(upstream.journal[-1].done.wait(), 5)
        assert await ada.text(sleeper.url, asked) == before
        assert await ada.state(sleeper.url, asked) == "interrupted"


async def test_a_process_that_is_told_to_end_leaves_no_answer_without_one(
    tmp_path: Path, service: tuple[Upstream, dict[str, str]]
) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor = Visitor(http)
        async with _serving(tmp_path, service[1]) as running:
            await _come_in(visitor, running)
            asked = [await visitor.ask(running.url, "150 words 20 ms apart") for _ in range(20)]
            assert await asyncio.to_thread(running.stop) == 0
        async with _serving(tmp_path, service[1]) as running:
            states = [await visitor.state(running.url, each) for each in asked]
            texts = [await visitor.text(running.url, each) for each in asked]
    assert set(states) <= {"complete", "interrupted"}
    assert all(map(is_start, texts))
    whole = [text for text, state in zip(texts, states, strict=True) if state == "complete"]
    assert all(len(places(text)) == 150 for text in whole)


@asynccontextmanager
async def _serving(folder: Path, variables: dict[str, str]) -> AsyncIterator[Site]:
    """Started and ended in a thread: the scripted service is on this loop."""
    serving = site.running(folder, **variables)
    running = await asyncio.to_thread(serving.__enter__)
    try:
        yield running
    finally:
        await asyncio.to_thread(serving.__exit__, None, None, None)


async def _come_in(visitor: Visitor, running: Site) -> None:
    if not visitor.session:
        await visitor.log_in(running.url)


async def _ask_and_kill(
    visitor: Visitor, running: Site, chance: random.Random
) -> list[tuple[Asked, float]]:
    """The answers that were being written, each with the seconds that it had."""
    asked = []
    for _ in range(3):
        asked.append((await visitor.ask(running.url, "3000 words 10 ms apart"), time.monotonic()))
        await asyncio.sleep(chance.uniform(0, 0.1))
    await asyncio.sleep(chance.uniform(0, 2))
    running.process.kill()
    now = time.monotonic()
    await asyncio.to_thread(running.process.wait)
    return [(each, now - began) for each, began in asked]


async def _all_interrupted(
    visitor: Visitor, running: Site, left: list[tuple[Asked, float]]
) -> None:
    end = time.monotonic() + FOUND_S
    for asked, seconds in left:
        state = await visitor.until_ended(running.url, asked, end - time.monotonic())
        assert state == "interrupted"
        text = await visitor.text(running.url, asked)
        assert is_start(text)
        # Ten milliseconds apart, and a loaded machine makes that a little more.
        assert len(places(text[: text.rfind(" ") + 1])) >= (seconds - LOST_S) * 50
