"""How many answers can be written at once before they come late, by one process and by two.

New ones begin ten times a second, and none ends. Half of the pages watch at the process that does
not write their answer, where there are two.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.chats import SiteChat, Trace, connections
from tests.bench.figures import Figure, median, percentile
from tests.bench.flow import Flow, flowing
from tests.bench.process import Served
from tests.bench.several import several
from tests.bench.stage import Stage
from tests.bench.stamps import age_ms, tenths

MODEL = "markdown-50k-50"
MOST_LAG_MS = 100.0
PEOPLE = 50
HIGHEST = 400
EVERY_S = 0.1
# So many come first and faster.
FLOOR, FLOOR_S = 40, 3.0
LOOK_S = 1.0
# A late look may be a moment in which the machine did something else.
LOOKS_OVER = 5
# Of so many pages one is looked at while it runs: to read them all would cost as much as to serve.
SAMPLE = 5
# A climb takes a quarter of a minute.
MOST_REPS = 2


@dataclass(frozen=True, slots=True)
class Climb:
    """The most streams that were in time, the CPU that the processes had then, in cores, and the
    questions that failed on the way."""

    streams: float
    cores: float
    failed: int


async def figures(stage: Stage, reps: int) -> list[Figure]:
    one, two = list[Climb](), list[Climb]()
    with several(2, stage.upstream, PEOPLE) as pair:
        for _ in range(min(reps, MOST_REPS)):
            one.append(await _climb([stage.site], stage.sessions[:PEOPLE], stage.models))
            two.append(await _climb(pair.processes, pair.sessions, pair.models))
    return [*_figures("one process", one), *_figures("two processes", two)]


def _figures(name: str, climbs: list[Climb]) -> list[Figure]:
    streams = median(climb.streams for climb in climbs)
    cores = median(climb.cores for climb in climbs)
    each = median(climb.streams / climb.cores for climb in climbs)
    return [
        Figure(f"{name}: streams, lag p99 under 100 ms", "", [streams]),
        Figure(f"{name}: server CPU at that", "cores", [cores]),
        Figure(f"{name}: streams of a core", "", [each]),
        Figure(f"{name}: failed", "", [sum(climb.failed for climb in climbs)], most=0),
    ]


async def _climb(
    processes: Sequence[Served], sessions: Sequence[str], models: dict[str, str]
) -> Climb:
    async with connections() as http:
        chats = [
            SiteChat(
                http,
                processes[number % len(processes)].url,
                models,
                sessions[number % len(sessions)],
                processes[(number + number // 2) % len(processes)].url,
            )
            for number in range(HIGHEST)
        ]
        async with flowing(chats, MODEL, list(map(_start_s, range(HIGHEST)))) as flow:
            return await _until_late(flow, processes)


def _start_s(number: int) -> float:
    if number < FLOOR:
        return FLOOR_S * number / FLOOR
    return FLOOR_S + (number - FLOOR) * EVERY_S


async def _until_late(flow: Flow, processes: Sequence[Served]) -> Climb:
    samples = [_Sample(trace) for trace in flow.traces[::SAMPLE]]
    best, over = Climb(0, float("nan"), 0), 0
    await asyncio.sleep(_start_s(FLOOR))
    _lag_ms(samples)
    while over < LOOKS_OVER and (running := _running(flow)) < HIGHEST:
        cores = await _cores(processes)
        if _lag_ms(samples) <= MOST_LAG_MS:
            best, over = Climb(running, cores, 0), 0
        else:
            over += 1
    return Climb(best.streams, best.cores, flow.failed)


def _running(flow: Flow) -> int:
    return sum(bool(trace.arrivals) for trace in flow.traces)


async def _cores(processes: Sequence[Served]) -> float:
    """In use until the next look."""
    before, began = sum(each.cpu_s() for each in processes), time.monotonic()
    await asyncio.sleep(LOOK_S)
    return (sum(each.cpu_s() for each in processes) - before) / (time.monotonic() - began)


def _lag_ms(samples: Sequence["_Sample"]) -> float:
    """p99 of what came since the last look; endless if nothing did."""
    lags = [lag for sample in samples for lag in sample.new_lags_ms()]
    return percentile(lags, 99) if lags else float("inf")


@dataclass
class _Sample:
    trace: Trace
    looked: int = 0
    known: set[int] = field(default_factory=set)

    def new_lags_ms(self) -> list[float]:
        new = Trace(arrivals=self.trace.arrivals[self.looked :]).seen()
        self.looked = len(self.trace.arrivals)
        lags = [age_ms(sent, tenths(at)) for sent, at in new.items() if sent not in self.known]
        self.known |= set(new)
        return lags
