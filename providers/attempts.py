"""Which route is asked next, and after which wait: the rules of retry and failover, no I/O."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from providers.backoff import Backoff
from providers.cooldown import OF_THE_REQUEST
from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from providers.health import Health, Place, Trial, place_of
from providers.labels import route_label
from providers.ordering import Order
from providers.routing_events import Rerouted, Tried


@dataclass(frozen=True, slots=True)
class Policy:
    """`rounds` is how often one route is asked at most.

    No route is asked again later than `patience_s` seconds after the first was asked.
    """

    order: Order = Order.FASTEST
    rounds: int = 3
    patience_s: float = 30.0
    backoff: Backoff = field(default_factory=Backoff)


class RoutesFailed(UpstreamError):
    """The last route's error, with all that it knows, and what was `tried`, in order."""

    def __init__(self, last: UpstreamError, tried: tuple[Tried, ...]) -> None:
        super().__init__(last.kind, last.detail)
        vars(self).update(vars(last))
        self.tried = tried


class Attempts:
    """The way of one request through the routes; each base URL with its key counts once.

    `last` is the latest error, `model` the id that is asked for. Without `measures` the answers'
    times say nothing about speed.
    """

    def __init__(
        self,
        routes: Sequence[Endpoint],
        policy: Policy,
        health: Health,
        *,
        model: str = "",
        measures: bool = True,
    ) -> None:
        self.tried: list[Tried] = []
        self.last = UpstreamError(ErrorKind.NOT_FOUND, _("no address of this provider is in use"))
        self._policy, self._health = policy, health
        self._model, self._measures = model, measures
        self._until = health.clock() + policy.patience_s
        self._left: dict[Place, _Candidate] = {}
        for route in routes:
            self._left.setdefault(place_of(route), _Candidate(route))

    def take(self) -> tuple[Trial, float] | None:
        """The next trial and the seconds to wait before it begins; None if none is worth it.

        A route that was asked less often goes first: nobody waits while there is another.
        """
        if not self._left:
            return None
        now = self._health.clock()
        soonest = max(now, min(each.not_before for each in self._left.values()))
        due = [each for each in self._left.values() if each.not_before <= soonest]
        fewest = min(each.failures for each in due)
        best = [each.route for each in due if each.failures == fewest]
        order, model = self._policy.order, self._model
        trial = self._health.take(best, order, model=model, measures=self._measures)
        return trial, soonest - now

    def failed(self, trial: Trial, error: UpstreamError) -> None:
        trial.failed(error)
        self.last = error
        label = route_label(trial.route)
        self.tried.append(Tried(label, error.kind, error.detail, error.wrong_base))
        if trial.has_answered or error.kind in OF_THE_REQUEST:
            self._left.clear()
            return
        candidate = self._left[place_of(trial.route)]
        candidate.failures += 1
        candidate.not_before = self._health.clock() + self._wait(candidate.failures, error)
        if candidate.not_before > self._until:
            del self._left[place_of(trial.route)]

    def rerouted(self, trial: Trial, waits_s: float) -> Rerouted | None:
        """What to tell before this trial; None before the first."""
        if not self.tried:
            return None
        failed = self.tried[-1]
        label = route_label(trial.route)
        return Rerouted(failed.route, failed.kind, failed.detail, waits_s, label, failed.wrong_base)

    def _wait(self, failures: int, error: UpstreamError) -> float:
        if failures >= self._policy.rounds or not _may_pass(error):
            return math.inf
        wait = self._policy.backoff.wait_after(failures, error.retry_after_s)
        return math.inf if wait is None else wait


@dataclass(slots=True)
class _Candidate:
    route: Endpoint
    failures: int = 0
    not_before: float = -math.inf


def _may_pass(error: UpstreamError) -> bool:
    """Whether the same route may answer later. A relay's channels come and go; a connection that
    broke before any response says nothing about what the service speaks."""
    is_broken = error.kind == ErrorKind.PROTOCOL and error.status is None
    return error.kind.is_retryable or error.kind == ErrorKind.NO_CHANNEL or is_broken
