"""A question, and what came for it, or why nothing did."""

from contextlib import aclosing

import pytest

from providers.client import stream_chat
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Event
from providers.messages import ChatRequest, Message


def question(model: str, text: str) -> ChatRequest:
    return ChatRequest(model, (Message("user", text),))


async def events_for(
    endpoint: Endpoint, request: ChatRequest, came: list[Event] | None = None
) -> list[Event]:
    """`came` is filled while they come, for what is there before an error."""
    events = [] if came is None else came
    async with aclosing(stream_chat(endpoint, request)) as arriving:
        async for event in arriving:
            events.append(event)
    return events


async def failure_of(
    endpoint: Endpoint, request: ChatRequest, came: list[Event] | None = None
) -> UpstreamError:
    with pytest.raises(UpstreamError) as raised:
        await events_for(endpoint, request, came)
    return raised.value
