"""The client against a scripted service over real TCP."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from providers import client
from providers.client import complete_chat, list_models, stream_chat
from providers.completion import collect
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.events import Completion, Event, TextDelta
from providers.messages import ChatRequest, Message
from tests import upstream as wire
from tests.upstream import CUT, EVENT_STREAM, HANG, RESET, Upstream

REQUEST = ChatRequest("m", (Message("user", "hi"),))
WAITING: list[wire.Step] = [b": wait\n\n", 0.03] * 6
SHORT = TimeLimits(connect=0.05, first_byte=0.05, idle=0.05, total=0.3)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await client.close()


async def asked(
    upstream: Upstream, request: ChatRequest = REQUEST, limits: TimeLimits | None = None
) -> tuple[Completion, UpstreamError | None]:
    endpoint = Endpoint(upstream.base_url, "sk-key", limits=limits or TimeLimits())
    events: list[Event] = []
    try:
        async for event in stream_chat(endpoint, request):
            events.append(event)
    except UpstreamError as error:
        return collect(events), error
    return collect(events), None


async def test_an_answer_comes_whole(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Hel", "lo"))
    answer, error = await asked(upstream)
    assert (answer.text, answer.finish_reason, error) == ("Hello", "stop", None)
    assert answer.usage is not None
    assert answer.usage.total_tokens == 15


async def test_only_what_is_needed_and_what_was_set_is_sent(upstream: Upstream) -> None:
    await asked(upstream, replace(REQUEST, params={"temperature": 0.5}))
    assert upstream.journal[0].body == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
    }


async def test_the_headers_name_the_key_and_no_library(upstream: Upstream) -> None:
    await asked(upstream)
    headers = upstream.journal[0].headers
    assert headers["authorization"] == "Bearer sk-key"
    assert headers["accept"] == "text/event-stream"
    assert "python" not in headers["user-agent"]


async def test_without_a_key_no_authorization_is_sent(upstream: Upstream) -> None:
    async for _ in stream_chat(Endpoint(upstream.base_url), REQUEST):
        pass
    assert "authorization" not in upstream.journal[0].headers


async def test_a_service_without_stream_options_is_asked_without_and_remembered(
    upstream: Upstream,
) -> None:
    upstream.script(wire.error(422, "unknown field: stream_options"))
    assert (await asked(upstream))[0].text == "Hello world"
    await asked(upstream)
    sent = ["stream_options" in received.body for received in upstream.journal]
    assert sent == [True, False, False]


async def test_another_refusal_is_not_sent_again(upstream: Upstream) -> None:
    upstream.script(wire.error(400, "unknown field: temperature"))
    assert (await asked(upstream))[1] is not None
    assert len(upstream.journal) == 1


@pytest.mark.parametrize(
    ("script", "kind", "text"),
    [
        ([HANG], ErrorKind.TIMEOUT, ""),
        ([EVENT_STREAM, HANG], ErrorKind.TIMEOUT, ""),
        ([EVENT_STREAM, wire.chunk("half"), HANG], ErrorKind.TIMEOUT, "half"),
        ([EVENT_STREAM, *WAITING, *WAITING], ErrorKind.TIMEOUT, ""),
        ([EVENT_STREAM, wire.chunk("half"), CUT], ErrorKind.PROTOCOL, "half"),
        ([EVENT_STREAM, wire.chunk("half <th"), RESET], ErrorKind.PROTOCOL, "half <th"),
        ([CUT], ErrorKind.PROTOCOL, ""),
        ([RESET], ErrorKind.PROTOCOL, ""),
        ([b"no http at all\r\n\r\n", CUT], ErrorKind.PROTOCOL, ""),
        ([b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000], ErrorKind.PROTOCOL, ""),
        ([wire.error(500, "broken")], ErrorKind.UPSTREAM, ""),
    ],
    ids=[
        *("silent", "headers_only", "stall", "comments_for_ever", "cut", "reset_in_answer"),
        *("closed", "reset", "no_http", "header_flood", "error"),
    ],
)
async def test_a_fault_has_its_kind_and_keeps_what_came(
    upstream: Upstream, script: list[wire.Step], kind: ErrorKind, text: str
) -> None:
    upstream.script(*script)
    answer, error = await asked(upstream, limits=SHORT)
    assert error is not None
    assert (error.kind, answer.text) == (kind, text)
    assert (await asked(upstream))[0].text == "Hello world"


async def test_comments_keep_a_slow_answer_alive(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, *WAITING, wire.chunk("late"), wire.finish(), CUT)
    assert (await asked(upstream, limits=SHORT))[0].text == "late"


async def test_a_service_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(UpstreamError) as refused:
        await list_models(Endpoint("http://127.0.0.1:1/v1", limits=SHORT))
    await client.close()
    assert refused.value.kind == ErrorKind.UNREACHABLE
    assert refused.value.kind.family == ErrorKind.UPSTREAM


async def test_stopping_reaches_the_service_at_once(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("half"), HANG)
    task = asyncio.create_task(asked(upstream))
    await asyncio.sleep(0.1)
    began = time.perf_counter()
    task.cancel()
    await upstream.journal[0].done.wait()
    assert upstream.journal[0].disconnected
    assert time.perf_counter() - began < 0.05


async def test_answers_one_after_the_other_share_a_connection(upstream: Upstream) -> None:
    for _ in range(5):
        upstream.script(*wire.answer("a", keep_alive=True))
        await asked(upstream)
    assert upstream.connections == 1


async def test_many_answers_at_once_do_not_wait_for_each_other(upstream: Upstream) -> None:
    for _ in range(120):
        upstream.script(EVENT_STREAM, 0.3, wire.chunk("a"), wire.finish(), CUT)
    answers = await asyncio.gather(*(asked(upstream) for _ in range(120)))
    assert {answer.text for answer, _ in answers} == {"a"}
    assert upstream.connections == 120


async def test_an_answer_without_an_end_is_bounded(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("providers.exchange.MOST_BYTES", 100_000)
    upstream.script(EVENT_STREAM, *[wire.chunk("x" * 1000)] * 200, CUT)
    answer, error = await asked(upstream)
    assert error is not None
    assert error.kind == ErrorKind.PROTOCOL
    assert 50_000 < len(answer.text) < 100_000


async def test_a_redirect_is_not_followed(upstream: Upstream) -> None:
    async with Upstream() as elsewhere:
        location = f"location: {elsewhere.base_url}/chat/completions\r\n"
        upstream.script(f"HTTP/1.1 307 X\r\n{location}content-length: 0\r\n\r\n".encode())
        assert (await asked(upstream))[1] is not None
        assert elsewhere.journal == []


async def test_the_first_words_do_not_wait_for_the_rest(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("first"), HANG)
    events = stream_chat(Endpoint(upstream.base_url), REQUEST)
    assert await asyncio.wait_for(anext(events), 1) == TextDelta("first")
    await events.aclose()


async def test_half_a_character_in_a_question_does_not_stop_it(upstream: Upstream) -> None:
    await asked(upstream, ChatRequest("m", (Message("user", "a\ud83d\x00"),)))
    assert upstream.journal[0].body["messages"][0]["content"] == "a\ufffd"


async def test_a_chat_can_be_had_whole(upstream: Upstream) -> None:
    upstream.script(
        wire.response(
            200,
            "application/json",
            b'{"choices": [{"message": {"content": "whole"}, "finish_reason": "stop"}]}',
        )
    )
    answer = await complete_chat(Endpoint(upstream.base_url), REQUEST)
    assert (answer.text, answer.finish_reason) == ("whole", "stop")
    assert upstream.journal[0].body["stream"] is False


async def test_models_are_listed_as_served_and_once(upstream: Upstream) -> None:
    upstream.script(wire.models("b", "a", "b"))
    listed = await list_models(Endpoint(upstream.base_url))
    assert [model.id for model in listed] == ["b", "a"]


@pytest.mark.parametrize(
    "body", [b'{"data": null}', b"[]", b'{"models": []}'], ids=["null", "bare", "models"]
)
async def test_an_empty_list_is_a_list(upstream: Upstream, body: bytes) -> None:
    upstream.script(wire.response(200, "application/json", body))
    assert await list_models(Endpoint(upstream.base_url)) == []
