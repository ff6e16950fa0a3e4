"""Two scripted services that a request may take its way over, and a clock that they share."""

import json
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from providers import failover
from providers.attempts import Policy, RoutesFailed
from providers.backoff import Backoff
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind
from providers.events import ReasoningDelta, TextDelta
from providers.health import Health
from providers.messages import ChatRequest, Message
from providers.ordering import Order
from providers.routing_events import Rerouted, RoutedEvent
from tests import upstream as wire
from tests.providers.passing_time import PassingTime
from tests.upstream import Upstream

REQUEST = ChatRequest("m", (Message("user", "hi"),))
LIMITS = TimeLimits(connect=0.5, first_byte=0.5, idle=0.2, total=60)
NOWHERE = Endpoint("http://127.0.0.1:1/v1", name="nowhere", limits=LIMITS)
FIXED = Policy(Order.FIXED, backoff=Backoff(random=lambda: 0.5))
LIMITED = wire.error(429, "too many requests")


@dataclass
class Site:
    """Two services and one request; time passes only where it is waited."""

    a: Upstream
    b: Upstream
    time: PassingTime = field(default_factory=PassingTime)
    events: list[RoutedEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.health = Health(self.time)

    def route(self, upstream: Upstream, key: str = "") -> Endpoint:
        name = "a" if upstream is self.a else "b"
        return Endpoint(upstream.base_url, key, name, LIMITS)

    async def ask(self, *routes: Endpoint, policy: Policy = FIXED) -> str:
        """The text that a reader has seen in the end, also if it broke off."""
        self.events = []
        chosen = routes or (self.route(self.a), self.route(self.b))
        events = failover.stream_chat(
            chosen, REQUEST, policy, health=self.health, sleep=self.time.sleep
        )
        async with aclosing(events):
            async for event in events:
                self.events.append(event)
        return self.text

    async def fail(self, *routes: Endpoint, policy: Policy = FIXED) -> RoutesFailed:
        with pytest.raises(RoutesFailed) as failed:
            await self.ask(*routes, policy=policy)
        return failed.value

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TextDelta | ReasoningDelta))

    @property
    def rerouted(self) -> list[tuple[str, ErrorKind, str]]:
        """Names instead of labels: which failed, of what, which came next."""
        told = [event for event in self.events if isinstance(event, Rerouted)]
        return [(e.route.split(",")[0], e.kind, e.next.split(",")[0]) for e in told]

    @property
    def asked(self) -> tuple[int, int]:
        return len(self.a.journal), len(self.b.journal)


def limited(headers: str = "", details: object = None) -> bytes:
    body = json.dumps({"error": {"message": "too many requests", "details": details}})
    size = f"content-length: {len(body)}"
    return f"HTTP/1.1 429 X\r\n{headers}{size}\r\n\r\n{body}".encode()
