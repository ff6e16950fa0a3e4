"""Which route comes first: the fastest or the first of the list, failing ones last."""

import math
from dataclasses import dataclass
from enum import StrEnum

# Below what anybody feels a difference is a tie, so that noise does not scatter a chat's turns
# over services that each keep what they have read.
FELT_DIGITS = 1


class Order(StrEnum):
    FASTEST = "fastest"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Condition:
    """What is known of a route now, in seconds.

    `latency_s` is None while it is unknown or too old to be believed. `is_probed`: one request is
    finding out just now.
    """

    latency_s: float | None = None
    failures: int = 0
    cools_for_s: float = 0.0
    is_probed: bool = False

    @property
    def wants_probe(self) -> bool:
        is_open = self.cools_for_s <= 0 and not self.is_probed
        return is_open and (self.failures > 0 or self.latency_s is None)

    def together_with(self, other: "Condition") -> "Condition":
        """The worse of both; the speed is this one's."""
        return Condition(
            self.latency_s,
            max(self.failures, other.failures),
            max(self.cools_for_s, other.cools_for_s),
            self.is_probed or other.is_probed,
        )


WELL = Condition()


def rank(condition: Condition, order: Order) -> tuple[int, float]:
    """Lower is earlier; equal ones keep their order.

    A route of unknown speed goes before the known ones, for one request at a time: otherwise it
    would never get its turn.
    """
    if condition.cools_for_s > 0:
        return 2, condition.cools_for_s
    if condition.failures and condition.is_probed:
        return 1, 0.0
    if order is Order.FIXED:
        return 0, 0.0
    if condition.latency_s is not None:
        return 0, round(condition.latency_s, FELT_DIGITS)
    return 0, math.inf if condition.is_probed else -1.0
