"""Told to stop while answers are being written: they may finish, and nothing new begins."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import site
from tests import upstream as wire
from tests.member import ADA, Member
from tests.upstream import CUT, EVENT_STREAM, HANG, Received, Script, Upstream

SLOW: Script = [EVENT_STREAM, wire.chunk("slow"), 1.5, wire.chunk(" but whole"), wire.finish(), CUT]
ENDLESS: Script = [EVENT_STREAM, wire.chunk("so far"), HANG]


def behave(received: Received) -> Script:
    if received.path.endswith("/models"):
        return [wire.models("slow", "endless")]
    return SLOW if received.model == "slow" else ENDLESS


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream(behave) as running:
        yield running


class Stage:
    """A site that is told to stop while Ada's answer is being written."""

    def __init__(self, data: Path, upstream: Upstream, **variables: str) -> None:
        self.data, self.upstream = data, upstream
        self.variables = {**ADA, "OPENAI_BASE_URL": upstream.base_url, **variables}

    async def __aenter__(self) -> "Stage":
        self.site = site.running(self.data, **self.variables)
        self.running = await asyncio.to_thread(self.site.__enter__)
        self.ada = await Member(self.running).__aenter__()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.ada.__aexit__()
        self.site.__exit__(None, None, None)

    async def signal_while_asking(self, model: str) -> str:
        """The address of the conversation whose answer is being written at the signal."""
        asked = await self.ada.ask("Why?", model)
        async with asyncio.timeout(10):
            while "so far" not in (page := await self.page(asked.headers["HX-Push-Url"])):
                if model == "slow" and "busy" in page:
                    break
                await asyncio.sleep(0.1)
        self.signal()
        return asked.headers["HX-Push-Url"]

    async def page(self, path: str) -> str:
        return (await self.ada.http.get(path)).text

    def signal(self) -> None:
        self.running.process.send_signal(signal.SIGTERM)

    async def exit_status(self) -> int:
        return await asyncio.to_thread(self.running.process.wait, 30)

    async def stored(self, path: str) -> str:
        """The conversation's page as the next process shows it."""
        async with Stage(self.data, self.upstream) as next_one:
            return await next_one.page(path)


async def test_an_answer_may_finish(tmp_path: Path, upstream: Upstream) -> None:
    async with Stage(tmp_path, upstream) as stage:
        path = await stage.signal_while_asking("slow")
        assert await stage.exit_status() == 0

    page = await stage.stored(path)
    assert "slow but whole" in page
    assert 'data-state="complete"' in page


@pytest.mark.thorough
async def test_what_takes_too_long_is_interrupted_with_its_text(
    tmp_path: Path, upstream: Upstream
) -> None:
    async with Stage(tmp_path, upstream, DRAIN_SECONDS="1") as stage:
        path = await stage.signal_while_asking("endless")
        assert await stage.exit_status() == 0

    page = await stage.stored(path)
    assert "so far" in page
    assert 'data-state="interrupted"' in page


@pytest.mark.thorough
async def test_a_second_signal_does_not_wait(tmp_path: Path, upstream: Upstream) -> None:
    async with Stage(tmp_path, upstream) as stage:
        path = await stage.signal_while_asking("endless")
        await asyncio.to_thread(stage.running.read_until, "a second signal ends at once")
        began = time.monotonic()
        stage.signal()
        assert await stage.exit_status() == 0
        assert time.monotonic() - began < 5

    assert 'data-state="interrupted"' in await stage.stored(path)


async def test_meanwhile_nothing_new_is_begun_and_it_is_not_ready(
    tmp_path: Path, upstream: Upstream
) -> None:
    async with Stage(tmp_path, upstream) as stage:
        await stage.signal_while_asking("endless")
        await asyncio.to_thread(stage.running.read_until, "a second signal ends at once")
        refused = await stage.ada.ask("And now?", "slow")
        ready = await stage.ada.http.get("readyz")
        alive = await stage.ada.http.get("healthz")
        stage.signal()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert "about to restart" in refused.text
    assert (ready.status_code, ready.text, alive.status_code) == (503, "draining", 200)
