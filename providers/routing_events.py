"""What happened on the way to an answer: which routes failed and why, and which one answered."""

from dataclasses import dataclass

from providers.errors import ErrorKind, WrongBase
from providers.events import Event


@dataclass(frozen=True, slots=True)
class Rerouted:
    """A route failed before anything of its answer was seen; `next` is asked after `waits_s`.

    Routes by their labels; `next` may be the same one again. `detail` is the service's own text,
    cut and with keys masked: data, to be escaped when shown.
    """

    route: str
    kind: ErrorKind
    detail: str
    waits_s: float
    next: str
    wrong_base: WrongBase | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """This route's answer begins with the next event; nothing is rerouted any more."""

    route: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A route that failed."""

    route: str
    kind: ErrorKind
    detail: str
    wrong_base: WrongBase | None = None


RoutedEvent = Event | Rerouted | Answered
