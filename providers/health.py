"""How the routes of this process are doing: measured speed, failures, cool-down, recovery.

A route is a base URL with a key, so that one bad key does not speak against the others of its
host. What one model is refused there does not speak against the others of its route. Kept in memory
only; safe to use from several threads and event loops.
"""

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from providers.cooldown import OF_THE_REQUEST, cool_down, is_of_model
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.ordering import WELL, Condition, Order, rank

MOST_PLACES = 1000
# The share of the newest measurement; about the last five count.
SMOOTHING = 0.3
# A slow route may have become a fast one.
BELIEVED_S = 900.0

Place = tuple[str, str]
# A place with a model, of which only failures are known; with '' the place itself.
_Spot = tuple[Place, str]


def place_of(route: Endpoint) -> Place:
    """The base URL and a fingerprint of the key: what is remembered, and never the key."""
    fingerprint = hashlib.sha256(route.key.encode()).hexdigest()[:16]
    return route.base_url.rstrip("/"), fingerprint


class Trial:
    """One request on one route. Leave it by `with`, so that another may probe if this one did.

    `model` is the id that is asked for, '' where none is. `began` is when the request is sent,
    which a wait may put off: see `begin`. Only one that `measures` tells the speed of its route;
    the time of a whole image is not that.
    """

    def __init__(
        self, health: "Health", route: Endpoint, model: str = "", *, measures: bool = True
    ) -> None:
        self._health = health
        self.route, self.model, self.measures = route, model, measures
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
        self._states: OrderedDict[_Spot, _State] = OrderedDict()
        self._lock = threading.Lock()

    def take(
        self,
        routes: Sequence[Endpoint],
        order: Order = Order.FASTEST,
        *,
        model: str = "",
        measures: bool = True,
    ) -> Trial:
        """The best of these routes now, cooled-down ones only if there is no other.

        A route that is to be probed is given to one request at a time.
        """
        with self._lock:
            now = self.clock()
            route = min(routes, key=lambda each: rank(self._condition(each, model, now), order))
            trial = Trial(self, route, model, measures=measures)
            self._state(place_of(route), "")
            for state in self._known(trial):
                if state.condition(now).wants_probe:
                    state.probe = trial
            return trial

    def condition(self, route: Endpoint, model: str = "") -> Condition:
        with self._lock:
            return self._condition(route, model, self.clock())

    def answered(self, trial: Trial) -> None:
        with self._lock:
            self._forget_model(trial)
            self._state(place_of(trial.route), "").answer(trial, self.clock())

    def failed(self, trial: Trial, error: UpstreamError) -> None:
        with self._lock:
            place, now = place_of(trial.route), self.clock()
            if not is_of_model(error) or not trial.model:
                self._state(place, "").fail(trial, error, now)
                if error.kind in OF_THE_REQUEST:
                    self._forget_model(trial)
                return
            # To refuse one model its service has to be there.
            self._state(place, "").recover(trial)
            self._state(place, trial.model).fail(trial, error, now)

    def release(self, trial: Trial) -> None:
        """The trial is over, whatever came of it."""
        with self._lock:
            for state in self._known(trial):
                state.end(trial)

    def _condition(self, route: Endpoint, model: str, now: float) -> Condition:
        place = place_of(route)
        whole, own = self._states.get((place, "")), model and self._states.get((place, model))
        condition = whole.condition(now) if whole else Condition()
        return condition.together_with(own.condition(now) if own else WELL)

    def _known(self, trial: Trial) -> list["_State"]:
        """What is known of the route, and of the model there."""
        place = place_of(trial.route)
        found = (self._states.get((place, model)) for model in {"", trial.model})
        return [state for state in found if state]

    def _forget_model(self, trial: Trial) -> None:
        if trial.model:
            self._states.pop((place_of(trial.route), trial.model), None)

    def _state(self, place: Place, model: str) -> "_State":
        spot = place, model
        state = self._states.setdefault(spot, _State())
        self._states.move_to_end(spot)
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
        self.recover(trial)

    def fail(self, trial: Trial, error: UpstreamError, now: float) -> None:
        # Requests that were on their way together and fail together are one failure.
        if trial.began >= self.failed_at:
            self.failures += 1
        cools_for = cool_down(error.kind, self.failures, error.retry_after_s)
        if not cools_for:
            self.recover(trial)
            return
        self.failed_at = now
        self.cools_until = max(self.cools_until, now + cools_for)
        self.end(trial)

    def recover(self, trial: Trial) -> None:
        self.failures, self.failed_at, self.cools_until = 0, -math.inf, -math.inf
        self.end(trial)

    def end(self, trial: Trial) -> None:
        if self.probe is trial:
            self.probe = None

    def _measure(self, took: float, now: float) -> None:
        known = self.condition(now).latency_s
        self.latency_s = took if known is None else known + SMOOTHING * (took - known)
        self.measured_at = now


HEALTH = Health()
