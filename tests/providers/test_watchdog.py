import asyncio
import time

import pytest

from providers.watchdog import Overdue, Watchdog
from tests.extent import bound


async def test_a_wait_beyond_its_limit_is_ended() -> None:
    watchdog = Watchdog(total=60)
    watchdog.allow(0.01, "idle")
    with pytest.raises(Overdue, match="idle"), watchdog:
        await asyncio.sleep(60)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_the_total_ends_waits_that_are_short_each() -> None:
    async def wait_again_and_again() -> None:
        watchdog = Watchdog(total=0.05)
        while True:
            watchdog.allow(10, "idle")
            with watchdog:
                await asyncio.sleep(0.02)

    with pytest.raises(Overdue, match="total"):
        await asyncio.wait_for(wait_again_and_again(), 5)


async def test_what_is_done_between_the_waits_is_not_cut() -> None:
    watchdog = Watchdog(total=60)
    watchdog.allow(0.01, "idle")
    with watchdog:
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    watchdog.allow(1, "idle")
    with watchdog:
        await asyncio.sleep(0.02)


async def test_a_cancelled_task_stays_cancelled() -> None:
    async def wait() -> None:
        with Watchdog(total=60):
            await asyncio.sleep(60)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_many_waits_take_one_timer() -> None:
    watchdog = Watchdog(total=3600)
    began = time.process_time()
    for _ in range(10_000):
        watchdog.allow(120, "idle")
        with watchdog:
            pass
    assert time.process_time() - began < bound(0.5)
    watchdog.stop()
