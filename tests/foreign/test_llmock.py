"""llmock's server, which follows OpenAI's API: a usage at the end of a stream if it was asked."""

import asyncio
from dataclasses import replace

import pytest

from providers.client import complete_chat, list_models
from providers.completion import collect
from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from providers.events import Event, TextDelta
from tests.foreign.asking import events_for, failure_of, question
from tests.foreign.servers import CONTEXT, MOST_REQUESTS

MODEL = "gpt-4o"


async def test_its_models_are_listed(llmock: Endpoint) -> None:
    assert MODEL in [model.id for model in await list_models(llmock)]


async def test_a_chat_comes_whole_with_its_usage(llmock: Endpoint) -> None:
    answer = await complete_chat(llmock, question(MODEL, "你好 there"))
    assert answer.text.endswith("你好 there")
    assert answer.finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.total_tokens


async def test_a_chat_comes_in_pieces_with_its_usage(llmock: Endpoint) -> None:
    events = await events_for(llmock, question(MODEL, "你好 there"))
    answer = collect(events)
    assert sum(isinstance(event, TextDelta) for event in events) > 3
    assert (answer.text[-8:], answer.finish_reason) == ("你好 there", "stop")
    assert answer.usage is not None
    assert answer.usage.completion_tokens


async def test_too_long_a_chat_is_told_as_such(llmock: Endpoint) -> None:
    error = await failure_of(llmock, question(MODEL, "word " * 2 * CONTEXT))
    assert error.kind == ErrorKind.CONTEXT_TOO_LONG


async def test_too_many_requests_are_told_with_the_time_to_wait(llmock: Endpoint) -> None:
    hasty = replace(llmock, key="sk-of-someone-hasty")
    asking = (complete_chat(hasty, question(MODEL, "again")) for _ in range(2 * MOST_REQUESTS))
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    refusals = [outcome for outcome in outcomes if isinstance(outcome, UpstreamError)]
    assert {refusal.kind for refusal in refusals} == {ErrorKind.RATE_LIMIT}
    assert all(0 < (refusal.retry_after_s or 0) <= 60 for refusal in refusals)


@pytest.mark.parametrize("breaking_llmock", ["truncate", "disconnect"], indirect=True)
async def test_a_stream_that_breaks_keeps_what_came(breaking_llmock: Endpoint) -> None:
    came: list[Event] = []
    error = await failure_of(breaking_llmock, question(MODEL, "one two three four"), came)
    assert error.kind == ErrorKind.PROTOCOL
    # Where it breaks is chance.
    assert "Hello! You said: one two three four".startswith(collect(came).text)
