"""How the routes of this process are doing: measured speed, failures, cool-down, recovery.

A route is a base URL with a key, so that one bad key does not speak against the others of its
host. Kept in memory only; safe to use from several threads and event loops.
"""

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from providers.cooldown import cool_down
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.ordering import Condition, Order, rank

MOST_PLACES = 1000
# The share of the newest measurement; about the last five count.
SMOOTHING = 0.3
# A slow route may have become a fast one.
BELIEVED_S = 900.0

Place = tuple[str, str]


def place_of(route: Endpoint) -> Place:
    """The base URL and a fingerprint of the key: what is remembered, and never the key."""
    fingerprint = hashlib.sha256(route.key.encode()).hexdigest()[:16]
    return route.base_url.rstrip("/"), fingerprint


class Trial:
    """One request on one route. Leave it by `with`, so that another may probe if this one did.

    `began` is when the request is sent, which a wait may put off: see `begin`. Only one that
    `measures` tells the speed of its route; the time of a whole image is not that.
    """

    def __init__(self, health: "Health", route: Endpoint, *, measures: bool = True) -> None:
        self._health = health
        self.route, self.measures = route, measures
        self.began = health.clock()
        self.has_answered = False

    def __enter__(self) -> "Trial":
        return self

    def __exit__(self, *_: object) -> None:
        self._health.release(self)

    def begin(self) -> None:
        self.began = self._health.clock()

    def answered(self) -> None:
        """The answer has begun: the route is well."""
        self.has_answered = True
        self._health.answered(self)

    def failed(self, error: UpstreamError) -> None:
        self._health.failed(self, error)


class Health:
    """What is known of each route; the least recently asked of too many are forgotten."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, most: int = MOST_PLACES
    ) -> None:
        self.clock = clock
        self._most = most
        self._states: OrderedDict[Place, _State] = OrderedDict()
        self._lock = threading.Lock()

    def take(
        self, routes: Sequence[Endpoint], order: Order = Order.FASTEST, *, measures: bool = True
    ) -> Trial:
        """The best of these routes now, cooled-down ones only if there is no other.

        A route that is to be probed is given to one request at a time.
        """
        with self._lock:
            now = self.clock()
            route = min(routes, key=lambda each: rank(self._condition(each, now), order))
            trial = Trial(self, route, measures=measures)
            state = self._state(route)
            if state.condition(now).wants_probe:
                state.probe = trial
            return trial

    def condition(self, route: Endpoint) -> Condition:
        with self._lock:
            return self._condition(route, self.clock())

    def answered(self, trial: Trial) -> None:
        with self._lock:
            self._state(trial.route).answer(trial, self.clock())

    def failed(self, trial: Trial, error: UpstreamError) -> None:
        with self._lock:
            self._state(trial.route).fail(trial, error, self.clock())

    def release(self, trial: Trial) -> None:
        """The trial is over, whatever came of it."""
        with self._lock:
            if state := self._states.get(place_of(trial.route)):
                state.end(trial)

    def _condition(self, route: Endpoint, now: float) -> Condition:
        state = self._states.get(place_of(route))
        return state.condition(now) if state else Condition()

    def _state(self, route: Endpoint) -> "_State":
        place = place_of(route)
        state = self._states.setdefault(place, _State())
        self._states.move_to_end(place)
        if len(self._states) > self._most:
            self._states.popitem(last=False)
        return state


@dataclass(slots=True)
class _State:
    latency_s: float = math.nan
    measured_at: float = -math.inf
    failures: int = 0
    failed_at: float = -math.inf
    cools_until: float = -math.inf
    probe: Trial | None = None

    def condition(self, now: float) -> Condition:
        return Condition(
            self.latency_s if now - self.measured_at < BELIEVED_S else None,
            self.failures,
            max(0.0, self.cools_until - now),
            self.probe is not None,
        )

    def answer(self, trial: Trial, now: float) -> None:
        if trial.measures:
            self._measure(now - trial.began, now)
        self._recover()
        self.end(trial)

    def fail(self, trial: Trial, error: UpstreamError, now: float) -> None:
        # Requests that were on their way together and fail together are one failure.
        if trial.began >= self.failed_at:
            self.failures += 1
        cools_for = cool_down(error.kind, self.failures, error.retry_after_s)
        if cools_for:
            self.failed_at = now
            self.cools_until = max(self.cools_until, now + cools_for)
        else:
            self._recover()
        self.end(trial)

    def end(self, trial: Trial) -> None:
        if self.probe is trial:
            self.probe = None

    def _measure(self, took: float, now: float) -> None:
        known = self.condition(now).latency_s
        self.latency_s = took if known is None else known + SMOOTHING * (took - known)
        self.measured_at = now

    def _recover(self) -> None:
        self.failures, self.failed_at, self.cools_until = 0, -math.inf, -math.inf


HEALTH = Health()
