"""How much of each test is run, which tests only in the whole run, and with which luck."""

import os
import random

#: `make faults` and `make everything`; tests marked `thorough` are in no other run.
IS_FULL = os.environ.get("TESTS") == "all"


def extent(full: int, cut: int) -> int:
    """How often, or for how many seconds: in the whole run, and in that of `make test`."""
    return full if IS_FULL else cut


def bound(seconds: float) -> float:
    """What something may take, alone. Beside three others on two cores it takes up to three times
    as long, of the processor as well; what grows out of bounds takes more than that."""
    return seconds if IS_FULL else 3 * seconds


def luck() -> random.Random:
    """Chance that can be had again: pytest shows the seed of a test that failed."""
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FAULTS_SEED={seed}")  # noqa: T201
    return random.Random(seed)  # noqa: S311 - no secret
