"""Answers at reading speed: 200 chunks, 20 ms apart, for one user and for a hundred at once."""

import asyncio
from collections.abc import Iterator

from tests.bench.figures import Figure, median, percentile
from tests.bench.load import Load, ask
from tests.bench.process import Served
from tests.bench.stage import Stage

CHUNKS = 200
MODEL = f"paced-{CHUNKS}x20"
BURST = "paced-2000x0"
FIRST_TOKEN_MS = {1: 30.0, 20: 40.0, 100: 80.0}
SETTLE_S = 0.3

Loads = list[Load]


async def figures(stage: Stage, levels: list[int], reps: int) -> list[Figure]:
    rows: list[Figure] = []
    # The first question ever also loads code and fills caches; it is nobody's usual one.
    await _rounds(stage, MODEL, 1, 1)
    for level in levels:
        site, relay = await _rounds(stage, MODEL, level, reps)
        rows += _figures(level, site, relay)
    site, relay = await _rounds(stage, BURST, 1, reps)
    ends = [median(percentile(load.ends_ms(), 50) for load in loads) for loads in (site, relay)]
    return [*rows, Figure("burst of 2,000 chunks: to the end", "ms", ends), _faults("burst", site)]


async def _rounds(stage: Stage, model: str, level: int, reps: int) -> tuple[Loads, Loads]:
    """Turn by turn, so that a slow moment of a shared machine hits both."""
    site: Loads = []
    relay: Loads = []
    for _ in range(reps):
        site.append(await _round(stage, stage.site, model, level))
        relay.append(await _round(stage, stage.relay, model, level))
    return site, relay


async def _round(stage: Stage, server: Served, model: str, level: int) -> Load:
    # What the round before left to do is not this one's.
    await asyncio.sleep(SETTLE_S)
    return await ask(stage, server, model, level)


def _figures(level: int, site: Loads, relay: Loads) -> Iterator[Figure]:
    name = f"{level} stream{'s' if level > 1 else ''}"
    first, late = (_first_token(percent, site, relay) for percent in (50, 99))
    lag, late_lag = (_lag(percent, site, relay) for percent in (50, 99))
    yield Figure(f"{name}: first token p50", "ms", first, most=FIRST_TOKEN_MS.get(level))
    yield Figure(f"{name}: first token p99", "ms", late)
    yield Figure(f"{name}: chunk lag p50", "ms", lag, most=35)
    yield Figure(f"{name}: chunk lag p99", "ms", late_lag, most=120)
    yield Figure(f"{name}: CPU for 10,000 chunks", "s", [_cpu(site), _cpu(relay)], most_ratio=1.5)
    yield _faults(name, site)


def _first_token(percent: float, *systems: Loads) -> list[float]:
    """From Enter; the service itself sends its first chunk at once, so this is what is added."""
    return [
        median(percentile(load.first_tokens_ms(), percent) for load in loads) for loads in systems
    ]


def _lag(percent: float, *systems: Loads) -> list[float]:
    return [median(percentile(load.lags_ms(), percent) for load in loads) for loads in systems]


def _cpu(loads: Loads) -> float:
    return median(load.cpu_s / (CHUNKS * max(len(load.traces), 1)) * 10_000 for load in loads)


def _faults(name: str, loads: Loads) -> Figure:
    return Figure(
        f"{name}: failed, lost or wrong", "", [sum(load.faults for load in loads)], most=0
    )
