"""Which route is asked next, and after which wait: the rules of retry and failover, no I/O."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_noop as _

from providers.backoff import Backoff
from providers.cooldown import OF_THE_REQUEST
from providers.endpoint import Endpoint, same_host
from providers.errors import ErrorKind, UpstreamError
from providers.health import Health, Place, Trial, place_of
from providers.labels import route_label
from providers.ordering import Order
from providers.routing_events import Rerouted, Tried


@dataclass(frozen=True, slots=True)
class Policy:
    """`rounds` is how often one route is asked at most.

    No route is asked again later than `patience_s` seconds after the first was asked. `hurried_s`
    is how long one may take to its first byte while another was not asked yet.
    """

    order: Order = Order.FASTEST
    rounds: int = 3
    patience_s: float = 30.0
    hurried_s: float = 60.0
    backoff: Backoff = field(default_factory=Backoff)


class RoutesFailed(UpstreamError):
    """The last route's error, with all that it knows, and what was `tried`, in order."""

    def __init__(self, last: UpstreamError, tried: tuple[Tried, ...]) -> None:
        super().__init__(last.kind, last.detail)
        vars(self).update(vars(last))
        self.tried = tried


class Attempts:
    """The way of one request through the routes; each base URL with its key counts once.

    All of them share the time for a whole answer. While there are others to ask, they also share
    the time to the first byte, and a host that keeps nobody waiting is found soon. If none is, one
    of those that were hurried gets its whole time: it may be a model that is read from disk.

    `last` is the latest error, `model` the id that is asked for. Without `measures` the answers'
    times say nothing about speed, and no route is hurried: their first byte comes with the last.
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
        self._began = health.clock()
        self._left: dict[Place, _Candidate] = {}
        for route in routes:
            self._left.setdefault(place_of(route), _Candidate(route))
        self._hosts = len({route.base_url for route in routes})

    def take(self) -> tuple[Trial, float] | None:
        """The next trial and the seconds to wait before it begins; None if none is worth it.

        A route that was asked less often goes first: nobody waits while there is another.
        """
        left = list(self._left.values())
        # Who was silent already is the last resort.
        left = [each for each in left if not each.is_cut_short] or left
        if not left:
            return None
        now = self._health.clock()
        soonest = max(now, min(each.not_before for each in left))
        due = [each for each in left if each.not_before <= soonest]
        if soonest >= self._began + max(each.route.limits.total for each in due):
            return None
        fewest = min(each.failures for each in due)
        best = [each.route for each in due if each.failures == fewest]
        order, model = self._policy.order, self._model
        trial = self._health.take(best, order, model=model, measures=self._measures)
        return trial, soonest - now

    def endpoint(self, trial: Trial) -> Endpoint:
        """The route within what is left of the time."""
        limits = trial.route.limits
        total = max(0.0, self._began + limits.total - self._health.clock())
        if self._is_hurried(trial):
            whole = limits.connect + limits.first_byte
            share = min(self._policy.hurried_s, whole / self._hosts)
            connect = min(share, limits.connect)
            limits = replace(limits, connect=connect, first_byte=share - connect)
        return replace(trial.route, limits=replace(limits, total=total))

    def failed(self, trial: Trial, error: UpstreamError) -> None:
        trial.failed(error)
        self.last = error
        label = route_label(trial.route)
        self.tried.append(Tried(label, error.kind, error.detail, error.wrong_base))
        if trial.has_answered or error.kind in OF_THE_REQUEST:
            self._left.clear()
            return
        is_hurried = self._is_hurried(trial)
        self._keep(lambda each: not _shares(each.route, trial.route, error))
        candidate = self._left[place_of(trial.route)]
        candidate.failures += 1
        if _is_silence(error) and is_hurried:
            candidate.is_cut_short = True
            return
        if _is_silence(error):
            self._keep(lambda each: not each.is_cut_short)
        candidate.not_before = self._health.clock() + self._wait(candidate.failures, error)
        if candidate.not_before > self._began + self._policy.patience_s:
            self._left.pop(place_of(trial.route), None)

    def rerouted(self, trial: Trial, waits_s: float) -> Rerouted | None:
        """What to tell before this trial; None before the first."""
        if not self.tried:
            return None
        failed = self.tried[-1]
        label = route_label(trial.route)
        return Rerouted(failed.route, failed.kind, failed.detail, waits_s, label, failed.wrong_base)

    def _is_hurried(self, trial: Trial) -> bool:
        """Another key of this host is no other way: it would be as silent."""
        return self._measures and any(
            each.failures == 0 and each.route.base_url != trial.route.base_url
            for each in self._left.values()
        )

    def _keep(self, is_kept: Callable[["_Candidate"], bool]) -> None:
        self._left = {place: each for place, each in self._left.items() if is_kept(each)}

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
    is_cut_short: bool = False


def _shares(route: Endpoint, failed: Endpoint, error: UpstreamError) -> bool:
    """Whether the failure is this route's as well: not to be there, or to say nothing, does not
    depend on the key."""
    if route is failed:
        return False
    if error.kind == ErrorKind.UNREACHABLE:
        return same_host(route.base_url, failed.base_url)
    return _is_silence(error) and route.base_url == failed.base_url


def _is_silence(error: UpstreamError) -> bool:
    """Not a gateway that says how long it waited for another."""
    return error.kind == ErrorKind.TIMEOUT and error.status is None


def _may_pass(error: UpstreamError) -> bool:
    """Whether the same route may answer later. A relay's channels come and go; a connection that
    broke before any response says nothing about what the service speaks."""
    is_broken = error.kind == ErrorKind.PROTOCOL and error.status is None
    return error.kind.is_retryable or error.kind == ErrorKind.NO_CHANNEL or is_broken
