"""Headless Chromium, fresh each time, and what it tells about a page."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright

PROBE = Path(__file__).with_name("probe.js")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
LIMIT_S = 60.0


def path() -> str | None:
    """This machine's own, the one with windows first, as people have it; the run downloads none."""
    names = ("chromium", "chromium-browser", "chromium-headless-shell")
    return next(filter(None, map(shutil.which, names)), None)


@asynccontextmanager
async def profile(
    url: str, session: str = "", width: int = 1280, height: int = 900
) -> AsyncIterator[BrowserContext]:
    """A browser that has never been anywhere, logged in at `url` if there is a session."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path(), args=ARGUMENTS)
        try:
            context = await browser.new_context(viewport={"width": width, "height": height})
            await context.add_init_script(path=PROBE)
            if session:
                await context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
            yield context
        finally:
            await browser.close()


class Tab:
    """A page and the browser's own figures of it."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self.page, self.cdp = page, cdp
        self.addresses: dict[str, str] = {}
        self.wire_bytes = 0.0
        self.quiet_since = time.monotonic()
        cdp.on("Network.requestWillBeSent", self._asked)
        cdp.on("Network.loadingFinished", self._loaded)

    @property
    def requests(self) -> int:
        return sum(address.startswith("http") for address in self.addresses.values())

    async def value(self, expression: str) -> Any:
        """What it is, or what it promises, in the page. Straight to the browser: a page that
        forbids eval answers, too."""
        wanted = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        async with asyncio.timeout(LIMIT_S):
            told = await self.cdp.send("Runtime.evaluate", wanted)
        if "exceptionDetails" in told:
            raise RuntimeError(f"{expression}: {told['exceptionDetails']}")
        return told["result"].get("value")

    async def open(self, url: str) -> None:
        await self.page.goto(url, wait_until="commit", timeout=LIMIT_S * 1000)

    async def become_slow(self) -> None:
        """As a cheap phone is: a quarter of this machine's speed, on a slow mobile network with
        150 ms there and back and 1.6 Mbit/s, which is what Lighthouse calls slow 4G."""
        network = {"latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 96_000}
        await self.cdp.send("Network.emulateNetworkConditions", {"offline": False, **network})
        await self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    async def settle(self, quiet_s: float = 1.0) -> None:
        """Until the network has been quiet for so long."""
        while (left := self.quiet_since + quiet_s - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def main_thread_s(self) -> float:
        """CPU seconds of the page's main thread since it was opened."""
        told = await self.cdp.send("Performance.getMetrics")
        [seconds] = [m["value"] for m in told["metrics"] if m["name"] == "TaskDuration"]
        return float(seconds)

    def _asked(self, event: dict[str, Any]) -> None:
        self.quiet_since = time.monotonic()
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _loaded(self, event: dict[str, Any]) -> None:
        self.quiet_since = time.monotonic()
        self.wire_bytes += event["encodedDataLength"]


async def tab(context: BrowserContext) -> Tab:
    page = await context.new_page()
    cdp = await context.new_cdp_session(page)
    opened = Tab(page, cdp)
    await cdp.send("Network.enable")
    # The thread's own clock stands while other processes have the core.
    await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    return opened
