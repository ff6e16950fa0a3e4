"""How long to wait before a request is sent again."""

import random
from collections.abc import Callable
from dataclasses import dataclass

# 2.0 ** 1024 is no float any more.
_MOST_DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles from `first_s` up to `ceiling_s`, of which each wait is a random part.

    The randomness spreads clients that were turned away together; `random` gives [0, 1).
    """

    first_s: float = 0.5
    ceiling_s: float = 8.0
    longest_told_s: float = 30.0
    random: Callable[[], float] = random.random

    def wait_after(self, failures: int, told_s: float | None = None) -> float | None:
        """Seconds; None if the service told to wait for longer than is worth it.

        What it told is a floor: it is never asked before.
        """
        if told_s is not None and told_s > self.longest_told_s:
            return None
        doublings = min(max(failures - 1, 0), _MOST_DOUBLINGS)
        spread = min(self.ceiling_s, self.first_s * 2.0**doublings)
        return (told_s or 0.0) + self.random() * spread
