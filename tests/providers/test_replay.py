"""The recorded chats again, over real TCP and through the whole client, however they are cut."""

import asyncio
import json
from contextlib import aclosing
from typing import Any

import pytest

from providers.client import close, complete_chat, stream_chat
from providers.completion import collect
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Completion, Event
from providers.fakeupstream.cases import RECORDED, Split, read_cases
from providers.fakeupstream.choosing import Choice
from providers.fakeupstream.server import Upstream
from providers.messages import ChatRequest, Message
from tests.providers.test_wire_cases import check_answer, check_error

PATIENCE_S = 60
AT_ONCE = 16
FUNCTIONS = ("chat_stream", "chat_json")
CASES = [
    case
    for case in json.loads(RECORDED.read_text(encoding="utf-8"))
    if case["endpoint"] in FUNCTIONS
]

# What came, and the error that it ended with; of an answer that was asked whole, one of both.
Outcome = tuple[Completion | None, UpstreamError | None]


def outcome_id(value: Any) -> str:
    return str(value["name"] if isinstance(value, dict) else value)


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, Split], Outcome]:
    """All at once: each waits for the network most of its time."""
    return asyncio.run(asyncio.wait_for(_replay_all(), PATIENCE_S))


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("case", CASES, ids=outcome_id)
def test_a_chat_over_tcp_is_understood(
    outcomes: dict[tuple[str, Split], Outcome], case: dict[str, Any], split: Split
) -> None:
    answer, error = outcomes[case["name"], split]
    if answer:
        check_answer(answer, case["expect"])
    check_error(error, case["expect"]["error"])


async def _replay_all() -> dict[tuple[str, Split], Outcome]:
    wanted = [(case, split) for case in CASES for split in Split]
    at_once = asyncio.Semaphore(AT_ONCE)
    async with Upstream(Choice(read_cases(RECORDED))) as upstream:
        replays = [_replay(upstream, case, split, at_once) for case, split in wanted]
        outcomes = await asyncio.gather(*replays)
        await close()
    names = [(case["name"], split) for case, split in wanted]
    return dict(zip(names, outcomes, strict=True))


async def _replay(
    upstream: Upstream, case: dict[str, Any], split: Split, at_once: asyncio.Semaphore
) -> Outcome:
    endpoint = Endpoint(f"{upstream.base_url.removesuffix('/v1')}/{split}/v1")
    request = ChatRequest(case["name"], (Message("user", "hi"),))
    async with at_once:
        if case["endpoint"] == "chat_json":
            return await _whole(endpoint, request)
        return await _streamed(endpoint, request)


async def _whole(endpoint: Endpoint, request: ChatRequest) -> Outcome:
    try:
        return await complete_chat(endpoint, request), None
    except UpstreamError as error:
        return None, error


async def _streamed(endpoint: Endpoint, request: ChatRequest) -> Outcome:
    events: list[Event] = []
    try:
        async with aclosing(stream_chat(endpoint, request)) as arriving:
            async for event in arriving:
                events.append(event)
    except UpstreamError as error:
        return collect(events), error
    return collect(events), None
