"""The client against a scripted service over real TCP."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from providers import client
from providers.adaptation import Adaptation
from providers.client import complete_chat, list_models, stream_chat
from providers.completion import collect
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.events import Completion, Event, Finished, Learnt, TextDelta
from providers.lessons import MOST_LEARNT
from providers.messages import ChatRequest, Message
from tests import upstream as wire
from tests.extent import bound
from tests.upstream import CUT, EVENT_STREAM, HANG, RESET, Upstream

REQUEST = ChatRequest("m", (Message("user", "hi"),))
WHOLE = wire.response(
    200,
    "application/json",
    b'{"choices": [{"message": {"content": "whole"}, "finish_reason": "stop"}]}',
)
WAITING: list[wire.Step] = [b": wait\n\n", 0.03] * 6
SHORT = TimeLimits(connect=0.05, first_byte=0.05, idle=0.05, total=0.3)
# Where the limit is not what is tested, a busy machine must not reach it.
LONG = TimeLimits(connect=9, first_byte=9, idle=9, total=9)


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


async def test_what_was_learnt_is_told_before_the_answer_and_only_once(upstream: Upstream) -> None:
    upstream.script(wire.error(400, "'temperature' is not supported with this model"))
    request = replace(REQUEST, params={"temperature": 0.5, "top_p": 0.5})
    first = [event async for event in stream_chat(Endpoint(upstream.base_url), request)]
    again = [event async for event in stream_chat(Endpoint(upstream.base_url), request)]
    assert first[0] == Learnt(Adaptation.NO_TEMPERATURE)
    assert not any(isinstance(event, Learnt) for event in again)
    assert ["temperature" in received.body for received in upstream.journal] == [True, False, False]


async def test_each_refusal_is_answered_by_asking_once_more(upstream: Upstream) -> None:
    for name in ("stream_options", "max_tokens", "stop"):
        upstream.script(wire.error(400, f"Unsupported parameter: '{name}' is not supported"))
    answer, _ = await asked(upstream, replace(REQUEST, params={"max_tokens": 5, "stop": ["x"]}))
    assert answer.text == "Hello world"
    assert answer.learnt == (
        Adaptation.NO_STREAM_OPTIONS,
        Adaptation.MAX_COMPLETION_TOKENS,
        Adaptation.NO_STOP,
    )
    assert upstream.journal[-1].body["max_completion_tokens"] == 5


async def test_what_is_known_is_not_refused_again(upstream: Upstream) -> None:
    known = frozenset({Adaptation.NO_STREAM_OPTIONS, Adaptation.MAX_COMPLETION_TOKENS})
    await asked(upstream, replace(REQUEST, params={"max_tokens": 5}, known=known))
    body = upstream.journal[0].body
    assert ("stream_options" in body, body["max_completion_tokens"]) == (False, 5)


async def test_what_is_known_no_longer_is_learnt_anew(upstream: Upstream) -> None:
    upstream.script(wire.error(400, "unknown field: max_completion_tokens"))
    known = frozenset({Adaptation.MAX_COMPLETION_TOKENS})
    request = replace(REQUEST, params={"max_tokens": 5}, known=known)
    assert (await asked(upstream, request))[0].learnt == (Adaptation.MAX_TOKENS,)
    await asked(upstream, request)
    sent = ["max_tokens" in received.body for received in upstream.journal]
    assert sent == [False, True, True]


async def test_a_service_that_refuses_everything_is_soon_left_alone(upstream: Upstream) -> None:
    names = ("stream_options", "temperature", "top_p", "seed", "random_seed", "stop", "max_tokens")
    for name in names * 2:
        upstream.script(wire.error(400, f"unknown field: {name}"))
    request = replace(REQUEST, params=dict.fromkeys(names, 1))
    assert (await asked(upstream, request))[1] is not None
    assert len(upstream.journal) == MOST_LEARNT + 1


async def test_what_did_not_help_is_not_remembered(upstream: Upstream) -> None:
    upstream.script(wire.error(400, "unknown field: stream_options"))
    upstream.script(wire.error(401, "no"))
    await asked(upstream)
    await asked(upstream)
    sent = ["stream_options" in received.body for received in upstream.journal]
    assert sent == [True, False, True]


async def test_a_value_out_of_range_is_for_the_user_to_correct(upstream: Upstream) -> None:
    upstream.script(wire.error(400, "temperature must be between 0 and 2"))
    error = (await asked(upstream, replace(REQUEST, params={"temperature": 3})))[1]
    assert error is not None
    assert error.kind == ErrorKind.BAD_REQUEST
    assert len(upstream.journal) == 1


@pytest.mark.parametrize("head", ["200 OK", "400 Bad Request"])
async def test_a_refusal_inside_a_stream_teaches_too(upstream: Upstream, head: str) -> None:
    refusal = b'data: {"error": {"message": "unknown field: stream_options"}}\n\n'
    upstream.script(EVENT_STREAM.replace(b"200 OK", head.encode()), refusal, CUT)
    assert (await asked(upstream))[0].learnt == (Adaptation.NO_STREAM_OPTIONS,)


async def test_a_refusal_after_the_first_word_is_not_sent_again(upstream: Upstream) -> None:
    refusal = b'data: {"error": {"message": "unknown field: stream_options"}}\n\n'
    upstream.script(EVENT_STREAM, wire.chunk("half"), 0.02, refusal, CUT)
    answer, error = await asked(upstream)
    assert (answer.text, error is None, len(upstream.journal)) == ("half", False, 1)


async def test_the_end_is_told_once(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("a"), wire.finish(usage=False), CUT)
    events = [event async for event in stream_chat(Endpoint(upstream.base_url), REQUEST)]
    assert events == [TextDelta("a"), Finished("stop")]


async def test_a_whole_chat_learns_too(upstream: Upstream) -> None:
    upstream.script(wire.error(422, "System role not supported"))
    for _ in range(2):
        upstream.script(WHOLE)
    request = replace(REQUEST, messages=(Message("system", "s"), *REQUEST.messages))
    answer = await complete_chat(Endpoint(upstream.base_url), request)
    await complete_chat(Endpoint(upstream.base_url), request)
    assert answer.learnt == (Adaptation.MERGED_SYSTEM,)
    assert [len(received.body["messages"]) for received in upstream.journal] == [2, 1, 1]


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
    limits = SHORT if kind == ErrorKind.TIMEOUT else LONG
    answer, error = await asked(upstream, limits=limits)
    assert error is not None
    assert (error.kind, answer.text) == (kind, text)
    assert (await asked(upstream))[0].text == "Hello world"


async def test_comments_keep_a_slow_answer_alive(upstream: Upstream) -> None:
    waiting: list[wire.Step] = [b": wait\n\n", 0.1] * 8
    upstream.script(EVENT_STREAM, *waiting, wire.chunk("late"), wire.finish(), CUT)
    assert (await asked(upstream, limits=replace(LONG, idle=0.6)))[0].text == "late"


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
    assert time.perf_counter() - began < bound(0.05)


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
    upstream.script(WHOLE)
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
