"""A request over several routes: the next one while nothing of an answer was seen, or a wait.

What the reader has seen is never repeated, so that an error after it is told as it is.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Generic, TypeVar

from providers import client
from providers.attempts import Attempts, Policy, RoutesFailed
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import (
    Completion,
    Finished,
    ImageDelta,
    ReasoningDelta,
    TextDelta,
    TextWasReasoning,
    ToolCallDelta,
    UsageReported,
)
from providers.health import HEALTH, Health, Trial
from providers.labels import route_label
from providers.messages import ChatRequest
from providers.routing_events import Answered, Rerouted, RoutedEvent

Answer = TypeVar("Answer")
Sleep = Callable[[float], Awaitable[object]]
DEFAULT = Policy()
# With the first of these a reader has seen something. Others, such as what was learnt of the
# service, are passed on without deciding for its route.
SEEN = (TextDelta, ReasoningDelta, TextWasReasoning, ToolCallDelta, ImageDelta, Finished)


@dataclass(frozen=True, slots=True)
class Reply(Generic[Answer]):
    """An answer that came whole, the label of its route, and what failed before."""

    answer: Answer
    route: str
    rerouted: tuple[Rerouted, ...]


def stream_chat(
    routes: Sequence[Endpoint],
    request: ChatRequest,
    policy: Policy = DEFAULT,
    *,
    health: Health = HEALTH,
    sleep: Sleep = asyncio.sleep,
) -> AsyncGenerator[RoutedEvent, None]:
    """`client.stream_chat` over the routes: each `Rerouted`, then `Answered`, then the answer.

    RoutesFailed if none answered, or if the answer broke off. Leave the loop early only inside
    `contextlib.aclosing`.
    """
    attempts = Attempts(routes, policy, health, model=request.model)
    return _try_routes(attempts, lambda route: client.stream_chat(route, request), sleep, SEEN)


async def complete_chat(
    routes: Sequence[Endpoint],
    request: ChatRequest,
    policy: Policy = DEFAULT,
    *,
    health: Health = HEALTH,
    sleep: Sleep = asyncio.sleep,
) -> Reply[Completion]:
    """`client.complete_chat` over the routes; RoutesFailed if none answered."""
    return await ask(
        routes,
        lambda route: client.complete_chat(route, request),
        policy,
        model=request.model,
        health=health,
        sleep=sleep,
    )


async def ask(
    routes: Sequence[Endpoint],
    call: Callable[[Endpoint], Awaitable[Answer]],
    policy: Policy = DEFAULT,
    *,
    model: str = "",
    health: Health = HEALTH,
    sleep: Sleep = asyncio.sleep,
) -> Reply[Answer]:
    """Any function of a service over the routes; RoutesFailed if none answered."""

    async def whole(route: Endpoint) -> AsyncGenerator[Answer, None]:
        yield await call(route)

    label, rerouted = "", []
    attempts = Attempts(routes, policy, health, model=model, measures=False)
    async with aclosing(_try_routes(attempts, whole, sleep, (object,))) as events:
        async for event in events:
            if isinstance(event, Rerouted):
                rerouted.append(event)
            elif isinstance(event, Answered):
                label = event.route
            else:
                answer = event
    return Reply(answer, label, tuple(rerouted))


async def _try_routes(
    attempts: Attempts,
    send: Callable[[Endpoint], AsyncGenerator[Answer, None]],
    sleep: Sleep,
    seen: tuple[type, ...],
) -> AsyncGenerator[Answer | Rerouted | Answered, None]:
    while taken := attempts.take():
        trial, waits_s = taken
        with trial:
            if rerouted := attempts.rerouted(trial, waits_s):
                yield rerouted
            if waits_s:
                await sleep(waits_s)
            trial.begin()
            try:
                async with (
                    aclosing(send(attempts.endpoint(trial))) as events,
                    aclosing(_announced(trial, events, seen)) as told,
                ):
                    async for event in told:
                        yield event
                return
            except UpstreamError as error:
                attempts.failed(trial, error)
    raise RoutesFailed(attempts.last, tuple(attempts.tried)) from attempts.last


async def _announced(
    trial: Trial, events: AsyncGenerator[Answer, None], seen: tuple[type, ...]
) -> AsyncGenerator[Answer | Answered, None]:
    """The events, with `Answered` before the first that is `seen`."""
    usage: Answer | None = None
    async for event in events:
        if trial.has_answered:
            yield event
        elif isinstance(event, seen):
            trial.answered()
            yield Answered(route_label(trial.route))
            if usage:
                yield usage
            yield event
        elif isinstance(event, UsageReported):
            # Counts are no answer yet, and not the next route's if this one fails.
            usage = event
        else:
            yield event
