"""How much of the suite is run, and with which luck."""

import os
import random

IS_FULL = os.environ.get("FAULTS") == "full"


def extent(full: int, cut: int) -> int:
    """How often, or for how many seconds: in `make faults`, and in the default run."""
    return full if IS_FULL else cut


def luck() -> random.Random:
    """Chance that can be had again: pytest shows the seed of a test that failed."""
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FAULTS_SEED={seed}")  # noqa: T201
    return random.Random(seed)  # noqa: S311 - no secret
