"""Processes killed at random moments, and told to end while they write."""

import asyncio
import random
import signal
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import aiohttp
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.extent import extent, luck
from tests.faults.conftest import Pair, variables_for
from tests.faults.servers import free_port
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import WORD, is_start, places, words
from tests.site import Site

KILLS = extent(25, 2)
AT_ONCE = 5
FOUND_S = 10.0
# What is saved is never older than this: a checkpoint, and the time that it takes.
LOST_S = 1.0
# Of an answer without a word as yet: there is also the way of its question to the service, which in
# a process that has only just begun is the longest.
LOST_SINCE_ASKED_S = 2.0
# So long a process may finish what it writes, and each of the short answers takes half of that.
DRAIN_S = 4
LOOKS_S = extent(20, 4)


@pytest.fixture
async def service() -> AsyncIterator[tuple[Upstream, dict[str, str]]]:
    """A scripted service, and the variables of a site that asks it."""
    port = free_port()
    async with Upstream(words, port) as running:
        yield running, variables_for(port)


@pytest.mark.thorough
async def test_after_a_kill_the_next_start_finds_each_answer_and_its_text(
    tmp_path: Path, service: tuple[Upstream, dict[str, str]]
) -> None:
    chance, variables = luck(), service[1]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor, left = Visitor(http), list[Left]()
        for _ in range(KILLS):
            async with site.in_thread(site.running(tmp_path, **variables)) as running:
                await _come_in(visitor, running)
                # Most are killed once more before what the last one left was found.
                if len(left) > 12:
                    await _all_interrupted(visitor, running, left)
                    left = []
                left += await _ask_and_kill(visitor, running, chance)
        async with site.in_thread(site.running(tmp_path, **variables)) as running:
            await _all_interrupted(visitor, running, left)
    with sqlite3.connect(tmp_path / "chatsite.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.servers
async def test_after_a_kill_another_process_finds_each_answer_and_its_text(
    pair: Pair, upstream: Upstream, ada: Visitor, tmp_path: Path
) -> None:
    chance = luck()

    async def start_and_kill(number: int) -> None:
        async with site.in_thread(site.running(tmp_path / str(number), **pair.variables)) as victim:
            left = await _ask_and_kill(ada, victim, chance)
        await _all_interrupted(ada, pair.first, left)

    for first in range(0, KILLS, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, KILLS))
        await asyncio.gather(*map(start_and_kill, numbers))


@pytest.mark.thorough
@pytest.mark.servers
async def test_a_process_that_was_paused_for_long_does_not_write_over_its_end(
    pair: Pair, upstream: Upstream, ada: Visitor, tmp_path: Path
) -> None:
    async with site.in_thread(site.running(tmp_path, **pair.variables)) as sleeper:
        asked, began = await ada.ask(sleeper.url, "3000 words 10 ms apart"), time.time_ns()
        await asyncio.sleep(1)
        sleeper.process.send_signal(signal.SIGSTOP)
        await _all_interrupted(ada, pair.first, [Left(asked, began, time.time_ns())])
        before = await ada.text(pair.first.url, asked)
        sleeper.process.send_signal(signal.SIGCONT)
        await asyncio.wait_for(upstream.journal[-1].done.wait(), 5)
        assert await ada.text(sleeper.url, asked) == before
        assert await ada.state(sleeper.url, asked) == "interrupted"


@pytest.mark.thorough
async def test_what_a_kill_would_lose_is_at_no_moment_older_than_a_second(
    tmp_path: Path, service: tuple[Upstream, dict[str, str]]
) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor = Visitor(http)
        async with site.in_thread(site.running(tmp_path, **service[1])) as running:
            await _come_in(visitor, running)
            await visitor.ask(running.url, f"{200 * LOOKS_S} words 10 ms apart")
            ages = await asyncio.to_thread(_ages, tmp_path / "chatsite.sqlite3", time.time_ns())
    # The rest is for a machine that has other things to do.
    assert quantiles(ages, n=20)[-1] < LOST_S


async def test_a_process_that_is_told_to_end_finishes_what_it_can(
    tmp_path: Path, service: tuple[Upstream, dict[str, str]]
) -> None:
    variables = {**service[1], "DRAIN_SECONDS": str(DRAIN_S)}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor = Visitor(http)
        async with site.in_thread(site.running(tmp_path, **variables)) as running:
            await _come_in(visitor, running)
            long = await visitor.ask(running.url, "3000 words 20 ms apart")
            short = [await visitor.ask(running.url, "100 words 20 ms apart") for _ in range(20)]
            running.process.send_signal(signal.SIGTERM)
            told = time.monotonic()
            assert await asyncio.to_thread(running.process.wait, 30) == 0
            took = time.monotonic() - told
        async with site.in_thread(site.running(tmp_path, **service[1])) as running:
            states = [await visitor.state(running.url, each) for each in (long, *short)]
            texts = [await visitor.text(running.url, each) for each in (long, *short)]
    assert states == ["interrupted", *["complete"] * 20]
    assert is_start(texts[0])
    assert [places(text) for text in texts[1:]] == [list(range(100))] * 20
    # And what it could not finish is there up to the end.
    assert len(places(texts[0])) > (DRAIN_S - LOST_S) * 30
    assert took < DRAIN_S + 5


@dataclass(frozen=True, slots=True)
class Left:
    """An answer that was being written when its process was killed; times as words have them."""

    asked: Asked
    began_ns: int
    killed_ns: int


async def _come_in(visitor: Visitor, running: Site) -> None:
    if not visitor.session:
        await visitor.log_in(running.url)


async def _ask_and_kill(visitor: Visitor, running: Site, chance: random.Random) -> list[Left]:
    """The answers that were being written."""
    asked = []
    for _ in range(3):
        asked.append((await visitor.ask(running.url, "3000 words 10 ms apart"), time.time_ns()))
        await asyncio.sleep(chance.uniform(0, 0.1))
    await asyncio.sleep(chance.uniform(0, 2))
    running.process.kill()
    killed_ns = time.time_ns()
    await asyncio.to_thread(running.process.wait)
    return [Left(each, began_ns, killed_ns) for each, began_ns in asked]


async def _all_interrupted(visitor: Visitor, running: Site, left: list[Left]) -> None:
    end = time.monotonic() + FOUND_S
    for each in left:
        state = await visitor.until_ended(running.url, each.asked, end - time.monotonic())
        assert state == "interrupted"
        text = await visitor.text(running.url, each.asked)
        assert is_start(text)
        if newest_ns := _newest_ns(text):
            assert each.killed_ns - newest_ns < LOST_S * 1e9
        else:
            assert each.killed_ns - each.began_ns < LOST_SINCE_ASKED_S * 1e9


def _newest_ns(text: str) -> int:
    """When the last word that is whole was sent; 0 if there is none."""
    whole = WORD.findall(text[: text.rfind(" ") + 1])
    return int(whole[-1][1]) if whole else 0


def _ages(database: Path, began_ns: int) -> list[float]:
    """How many seconds old the newest word in the file was, look by look."""
    ages, end = [], time.monotonic() + LOOKS_S
    with closing(sqlite3.connect(database)) as file:
        while time.monotonic() < end:
            row = file.execute("SELECT content FROM conversations_message WHERE role = 'assistant'")
            ages.append((time.time_ns() - max(began_ns, _newest_ns(row.fetchone()[0]))) / 1e9)
            time.sleep(0.02)
    return ages
