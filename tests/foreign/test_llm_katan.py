"""llm-katan's server: a usage in the last chunk, whether it was asked for or not."""

from dataclasses import replace

import pytest

from providers.client import complete_chat, list_models
from providers.completion import collect
from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from providers.events import TextDelta
from providers.messages import ChatRequest
from tests.foreign.asking import events_for, failure_of, question

MODEL = "katan"


async def test_its_models_are_listed(katan: Endpoint) -> None:
    assert [model.id for model in await list_models(katan)] == [MODEL]


async def test_a_chat_comes_whole_with_its_usage(katan: Endpoint) -> None:
    answer = await complete_chat(katan, question(MODEL, "你好 there"))
    assert "你好 there" in answer.text
    assert answer.usage is not None
    assert answer.usage.prompt_tokens


async def test_a_chat_comes_in_pieces_with_its_usage(katan: Endpoint) -> None:
    events = await events_for(katan, question(MODEL, "你好 there"))
    answer = collect(events)
    assert sum(isinstance(event, TextDelta) for event in events) > 5
    assert "你好 there" in answer.text
    assert answer.finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.completion_tokens


@pytest.mark.parametrize("key", ["sk-wrong", ""])
async def test_a_wrong_key_is_refused(katan: Endpoint, key: str) -> None:
    error = await failure_of(replace(katan, key=key), question(MODEL, "hello"))
    assert (error.kind, error.status) == (ErrorKind.AUTH, 401)


async def test_its_list_of_models_needs_the_key_too(katan: Endpoint) -> None:
    with pytest.raises(UpstreamError) as raised:
        await list_models(replace(katan, key="sk-wrong"))
    assert raised.value.kind == ErrorKind.AUTH


async def test_a_request_that_it_refuses_is_told_as_such(katan: Endpoint) -> None:
    error = await failure_of(katan, ChatRequest(MODEL, ()))
    assert (error.kind, error.status) == (ErrorKind.BAD_REQUEST, 400)


async def test_a_wrong_path_is_told_as_not_found(katan: Endpoint) -> None:
    error = await failure_of(
        replace(katan, base_url=katan.base_url + "/v1"), question(MODEL, "hello")
    )
    assert error.kind == ErrorKind.NOT_FOUND
