"""Answers, stops and pages that come back, by the hundred: afterwards the process is as before."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psutil
import pytest

from tests.extent import IS_FULL, extent
from tests.faults.conftest import Single
from tests.faults.visitor import Asked, Visitor

# As many before as are counted: the first thousand fills caches, pools and the allocator.
EACH = extent(1000, 40)
AT_ONCE = 10
# Longer than an answer that has ended is kept for those who come late.
IDLE_S = extent(40, 0)
GROWN = 1.10
# A few threads of a pool, with their connections, may come later than the first.
SPARE = 12
# In the short cut the answers that have just ended are still in memory.
SPARE_MB = 0 if IS_FULL else 8
# Those of the test's own connections come and go.
SPARE_TASKS = extent(5, 60)
HELD = re.compile(r"^chatsite_(runs|sockets|tasks) (\S+)$", re.MULTILINE)

Act = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Held:
    memory: int
    descriptors: int
    threads: int


@pytest.mark.thorough
async def test_a_process_is_afterwards_as_it_was_before(single: Single, olga: Visitor) -> None:
    asked = await olga.ask(single.site.url, "2000 words 500 ms apart")
    acts: list[Act] = [_answering(olga), _stopping(olga), _coming_back(olga, asked)]
    for act in acts:
        await _repeat(act, single, EACH)
    await asyncio.sleep(IDLE_S)
    before, tasks = _held(single), (await _figures(single, olga))["tasks"]
    for act in acts:
        await _repeat(act, single, EACH)
    await asyncio.sleep(IDLE_S)
    after = _held(single)
    tasks_after = (await _figures(single, olga))["tasks"]
    print(before, after, tasks, tasks_after)  # noqa: T201
    await olga.stop(single.site.url, asked)
    assert after.memory < before.memory * GROWN + SPARE_MB * 1e6, (before, after)
    assert after.descriptors <= before.descriptors + SPARE
    assert tasks_after <= tasks + SPARE_TASKS
    assert after.threads <= before.threads + SPARE
    async with asyncio.timeout(5):
        while not await _is_idle(single, olga):
            await asyncio.sleep(0.1)


def _answering(olga: Visitor) -> Act:
    async def answer(url: str) -> None:
        asked = await olga.ask(url, "5 words 1 ms apart")
        assert (await olga.watch(url, asked)).state == "complete"

    return answer


def _stopping(olga: Visitor) -> Act:
    async def stop(url: str) -> None:
        asked = await olga.ask(url, "3000 words 10 ms apart")
        await olga.stop(url, asked)

    return stop


def _coming_back(olga: Visitor, asked: Asked) -> Act:
    async def come_back(url: str) -> None:
        await olga.watch(url, asked, words=1)

    return come_back


async def _repeat(act: Act, single: Single, times: int) -> None:
    for _ in range(times // AT_ONCE):
        await asyncio.gather(*(act(single.site.url) for _ in range(AT_ONCE)))


def _held(single: Single) -> Held:
    process = psutil.Process(single.site.process.pid)
    return Held(process.memory_info().rss, process.num_fds(), process.num_threads())


async def _is_idle(single: Single, olga: Visitor) -> bool:
    figures = await _figures(single, olga)
    return figures["runs"] == figures["sockets"] == 0


async def _figures(single: Single, olga: Visitor) -> dict[str, float]:
    """What the site itself says that it still has."""
    address = f"{single.site.url}metrics"
    async with olga.http.get(address, headers=olga.headers(single.site.url)) as answer:
        return {name: float(value) for name, value in HELD.findall(await answer.text())}
