"""A long Markdown answer as someone sees it appear in Chromium, beside plain text in the relay's
page."""

import asyncio
import time
from dataclasses import dataclass
from uuid import uuid4

import httpx

from tests.bench.chromium import Tab, profile, tab
from tests.bench.figures import Figure, median, percentile
from tests.bench.process import Served
from tests.bench.stage import Stage
from tests.bench.stamps import age_ms, stamps_in, tenths

MODEL = "markdown-50k-100"
LIMIT_S = 60.0
LONG_TASK_MS = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer: the age of each chunk when the page had it, and what the page did for it."""

    ages_ms: list[float]
    longest_ms: float
    main_thread_s: float


async def figures(stage: Stage, reps: int) -> list[Figure]:
    site, relay = [], []
    for _ in range(reps):
        site.append(await _watch(stage, stage.site, stage.models[MODEL], stage.sessions[0]))
        relay.append(await _watch(stage, stage.relay, MODEL, ""))
    both = (site, relay)
    p50, p99 = (
        [median(percentile(shown.ages_ms, percent) for shown in each) for each in both]
        for percent in (50, 99)
    )
    longest = [median(shown.longest_ms for shown in each) for each in both]
    cpu = [median(shown.main_thread_s for shown in each) for each in both]
    return [
        Figure("50 KB answer: chunk to DOM p50", "ms", p50),
        Figure("50 KB answer: chunk to DOM p99", "ms", p99, most=150),
        Figure("50 KB answer: longest task (0: none over 50)", "ms", longest, most=LONG_TASK_MS),
        Figure("50 KB answer: main thread CPU", "s", cpu, most_ratio=1),
    ]


async def _watch(stage: Stage, server: Served, model: str, session: str) -> Shown:
    tag = uuid4().hex
    async with profile(server.url, session) as context:
        opened = await tab(context)
        await opened.open(f"{server.url}?model={model}")
        await opened.value("probe.usableInput")
        await opened.settle()
        await opened.value("probe.watch()")
        began = await opened.value("performance.now()")
        before = await opened.main_thread_s()
        await _send(opened, f"tag={tag}")
        sent = await _sent(stage, tag)
        await opened.value(f"probe.shown({sent[-1]})")
        # The foot of the answer is part of what it costs.
        await asyncio.sleep(1)
        return Shown(
            await _ages(opened, sent),
            await opened.value(f"probe.longest({began})"),
            await opened.main_thread_s() - before,
        )


async def _send(opened: Tab, text: str) -> None:
    await opened.page.click("textarea[name=text]")
    await opened.page.keyboard.insert_text(text)
    await opened.page.keyboard.press("Enter")


async def _sent(stage: Stage, tag: str) -> list[int]:
    """The stamps of the whole answer, once the service is at its end."""
    until = time.monotonic() + LIMIT_S
    async with httpx.AsyncClient() as client:
        while time.monotonic() < until:
            answer = await client.get(f"{stage.upstream.url}sent/{tag}")
            if answer.is_success:
                return stamps_in(answer.text)
            await asyncio.sleep(0.5)
    raise TimeoutError("the service was not asked, or did not come to its end")


async def _ages(opened: Tab, sent: list[int]) -> list[float]:
    """A chunk is there with the first change that shows it or a later one."""
    origin = await opened.value("performance.timeOrigin")
    rows = [
        (stamp, tenths(int((origin + at) * 1e6))) for stamp, at in await opened.value("probe.seen")
    ]
    ages, place = [], 0
    for stamp in sent:
        while age_ms(stamp, rows[place][0]) < 0:
            place += 1
        ages.append(age_ms(stamp, rows[place][1]))
    return ages
