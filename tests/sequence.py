"""The order of the test files, for several workers that take one after the other."""

from collections.abc import Iterable
from itertools import chain, groupby, zip_longest
from pathlib import Path

import pytest

# Tests there wait for browsers and processes; the others compute.
WAITING = ("browser", "chatsite/management", "chatsite/serving", "deploy", "faults")
_HERE = Path(__file__).parent


def by_turns(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """One file that waits, two that compute, and so on: the workers hardly ever want the processor
    all at once. Of those that wait there are not half as many, so what is left for the end is
    quick."""
    files = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    waiting = [tests for tests in files if _waits(tests[0].path)]
    computing = [tests for tests in files if not _waits(tests[0].path)]
    nothing: list[pytest.Item] = []
    turns = zip_longest(waiting, computing[::2], computing[1::2], fillvalue=nothing)
    return list(chain.from_iterable(chain.from_iterable(turns)))


def _waits(path: Path) -> bool:
    return path.relative_to(_HERE).as_posix().startswith(WAITING)
