"""This site beside a bare relay, in one run on this machine; prints one table.

python -m tests.bench                       everything, less than a quarter of an hour
python -m tests.bench streams --levels 1,20
python -m tests.bench pages answer --reps 1
python -m tests.bench decoding checkpoints  without a site: the decoder and the store alone
python -m tests.bench capacity kills        with a Postgres and a Redis of its own
python -m tests.bench search                only if named: 100,000 messages take minutes to store
python -m tests.bench moving                only if named: import and export of 10,000 messages
"""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Coroutine

from tests.bench import (
    answer,
    capacity,
    checkpoints,
    chromium,
    decoding,
    growth,
    idle,
    kills,
    long,
    moving,
    pages,
    search,
    serving,
    several,
    streams,
    writes,
)
from tests.bench.figures import Figure, machine, table
from tests.bench.stage import Stage, staged
from tests.bench.upstream import LONGEST_RUN_S

CONVERSATIONS = 10_000
LENGTHS = (400, 2000, long.LENGTH)
BROWSER_PARTS = ("pages", "phone", "answer", "opening")
SERVER_PARTS = ("capacity", "kills")

Part = Callable[[Stage, argparse.Namespace], Coroutine[None, None, list[Figure]]]


async def _start(stage: Stage, wanted: argparse.Namespace) -> list[Figure]:
    return await asyncio.to_thread(serving.start_and_rest, stage, wanted.reps)


async def _listing(stage: Stage, wanted: argparse.Namespace) -> list[Figure]:
    return await asyncio.to_thread(serving.listing, stage, wanted.reps)


async def _long(stage: Stage, _: argparse.Namespace) -> list[Figure]:
    return await asyncio.to_thread(long.figures, stage)


async def _moving(stage: Stage, wanted: argparse.Namespace) -> list[Figure]:
    return await asyncio.to_thread(moving.figures, stage, wanted.reps)


PARTS: dict[str, Part] = {
    "start": _start,
    "pages": lambda stage, wanted: pages.first_page(stage, wanted.reps),
    "phone": lambda stage, wanted: pages.phone(stage, wanted.reps),
    "opening": lambda stage, wanted: pages.conversations(stage, wanted.reps),
    "long": _long,
    "listing": _listing,
    "moving": _moving,
    "streams": lambda stage, wanted: streams.figures(stage, wanted.levels, wanted.reps),
    "growth": lambda stage, wanted: growth.figures(stage, wanted.reps),
    "answer": lambda stage, wanted: answer.figures(stage, wanted.reps),
    "sockets": lambda stage, wanted: idle.figures(stage, wanted.reps),
    "capacity": lambda stage, wanted: capacity.figures(stage, wanted.reps),
    "writes": lambda stage, wanted: writes.figures(stage, wanted.reps),
    "kills": lambda stage, _: kills.figures(stage),
}
# What needs neither a site nor a browser.
ALONE = {
    "decoding": decoding.figures,
    "checkpoints": checkpoints.figures,
    "search": search.figures,
}
ALL = (*ALONE, *PARTS)
IF_NAMED = ("search", "moving")


def main() -> None:
    wanted = _arguments()
    # As for Ctrl-C: what was started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    usual = [name for name in ALL if name not in IF_NAMED]
    names = _possible([name for name in ALL if name in (wanted.parts or usual)])
    began = time.monotonic()
    figures = _run_alone(names, wanted.reps)
    if staged_names := [name for name in names if name in PARTS]:
        figures += _run_staged(staged_names, wanted)
    _say(f"{machine()}; medians of {wanted.reps}, {time.monotonic() - began:.0f} s")
    sys.stdout.write(table(figures) + "\n")


def _possible(names: list[str]) -> list[str]:
    """Without the parts for which this machine lacks something; says so."""
    left_out: set[str] = set()
    if not chromium.path():
        _say(f"No chromium here: without {', '.join(BROWSER_PARTS)}.")
        left_out.update(BROWSER_PARTS)
    if not several.is_possible():
        _say(f"No postgres or no redis-server here: without {', '.join(SERVER_PARTS)}.")
        left_out.update(SERVER_PARTS)
    return [name for name in names if name not in left_out]


def _run_alone(names: list[str], reps: int) -> list[Figure]:
    figures: list[Figure] = []
    for name in (name for name in names if name in ALONE):
        _say(f"{name} ...")
        figures += ALONE[name](reps)
    return figures


def _run_staged(names: list[str], wanted: argparse.Namespace) -> list[Figure]:
    people = {
        "streams": max(wanted.levels),
        "capacity": capacity.PEOPLE,
        "writes": writes.STREAMS,
    }
    users = max(people.get(name, 1) for name in names)
    conversations = CONVERSATIONS if "listing" in names else 0
    with staged(users, conversations, LENGTHS if {"opening", "long"} & set(names) else ()) as stage:
        return asyncio.run(_run(stage, names, wanted))


async def _run(stage: Stage, names: list[str], wanted: argparse.Namespace) -> list[Figure]:
    figures: list[Figure] = []
    async with asyncio.timeout(LONGEST_RUN_S):
        for name in names:
            _say(f"{name} ...")
            figures += await PARTS[name](stage, wanted)
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(ALL)}")
    parser.add_argument("--reps", type=int, default=3, help="repetitions of each figure")
    parser.add_argument("--levels", type=_levels, default=[1, 20, 100], help="streams at once")
    wanted = parser.parse_args()
    if unknown := set(wanted.parts) - set(ALL):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return wanted


def _levels(text: str) -> list[int]:
    return [int(level) for level in text.split(",")]


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
