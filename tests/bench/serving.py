"""The process itself, and requests that Chromium is not needed for."""

import tempfile
import time
from pathlib import Path

import httpx

from tests.bench.figures import Figure, median, percentile
from tests.bench.process import module, served
from tests.bench.stage import Stage, variables
from tests.site import running

LIST_REQUESTS = 20
IDLE_S = 1.0


def start_and_rest(stage: Stage, reps: int) -> list[Figure]:
    """A later start, and what the process then holds when nobody asks."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        _start_site(stage, Path(folder))
        site = [_start_site(stage, Path(folder)) for _ in range(reps)]
    relay = [_start_relay(stage) for _ in range(reps)]
    seconds, sizes = (
        [median(s[place] for s in each) for each in (site, relay)] for place in (0, 1)
    )
    return [
        Figure("later start to first page", "s", seconds, most=3),
        Figure("resident memory, idle", "MB", sizes, most=100),
    ]


def _start_site(stage: Stage, folder: Path) -> tuple[float, float]:
    began = time.monotonic()
    with running(folder, **variables(stage.upstream)) as site:
        httpx.get(f"{site.url}accounts/login/").raise_for_status()
        seconds = time.monotonic() - began
        time.sleep(IDLE_S)
        return seconds, served(site).rss_mb()


def _start_relay(stage: Stage) -> tuple[float, float]:
    began = time.monotonic()
    with module("relay", stage.upstream.url) as relay:
        httpx.get(relay.url).raise_for_status()
        seconds = time.monotonic() - began
        time.sleep(IDLE_S)
        return seconds, relay.rss_mb()


def listing(stage: Stage, reps: int) -> list[Figure]:
    """The list's first page for someone with thousands of conversations."""
    rounds = [_list(stage) for _ in range(reps)]
    return [
        Figure("list of 10,000 conversations: CPU", "ms", [median(r[0] for r in rounds)], most=15),
        Figure("list of 10,000 conversations: p50", "ms", [median(r[1] for r in rounds)]),
    ]


def _list(stage: Stage) -> tuple[float, float]:
    """CPU and median milliseconds of a request."""
    headers = {"Cookie": f"sessionid={stage.collector}", "HX-Request": "true"}
    with httpx.Client(base_url=stage.site.url, headers=headers) as client:
        client.get("c/").raise_for_status()
        before, waits = stage.site.cpu_s(), []
        for _ in range(LIST_REQUESTS):
            began = time.perf_counter()
            client.get("c/").raise_for_status()
            waits.append((time.perf_counter() - began) * 1000)
        cpu_s = stage.site.cpu_s() - before
    return cpu_s * 1000 / LIST_REQUESTS, percentile(waits, 50)
