"""What services really send, one case each, however the network cuts it (wire_cases.json)."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from providers.client import close, stream_chat
from providers.completion import collect
from providers.dialect import ChatDecoder
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Completion, Event
from providers.listing import read_models
from providers.messages import ChatRequest, Message
from tests.upstream import Upstream

CASES = json.loads(Path(__file__).with_name("wire_cases.json").read_text(encoding="utf-8"))
CHATS = [case for case in CASES if case["endpoint"] in {"chat_stream", "chat_json"}]
STREAMS = [case for case in CASES if case["endpoint"] == "chat_stream"]
LISTS = [case for case in CASES if case["endpoint"] == "models"]
# Longer bodies are cut often enough by the pieces of three bytes.
MOST_BYTE_BY_BYTE = 6 * 1024

Answer = tuple[Completion, UpstreamError | None]


def name_of(case: dict[str, Any]) -> str:
    return str(case["name"])


def body_of(case: dict[str, Any]) -> bytes:
    if "body" in case:
        return str(case["body"]).encode()
    return base64.b64decode(case["body_bytes_base64"])


def pieces_of(case: dict[str, Any], cut: str) -> list[bytes]:
    body = body_of(case)
    size = 1 if len(body) < MOST_BYTE_BY_BYTE else 3
    marks = {
        "whole": [],
        "as_given": case.get("chunks", []),
        "smallest": list(range(size, len(body), size)),
    }[cut]
    return [body[a:b] for a, b in zip([0, *marks], [*marks, len(body)], strict=True)]


def decoded(case: dict[str, Any], cut: str) -> Answer:
    decoder = ChatDecoder(case["http_status"], case["headers"])
    events = [event for piece in pieces_of(case, cut) for event in decoder.feed(piece)]
    return collect(events + decoder.close()), decoder.error


def check_answer(answer: Completion, expected: dict[str, Any]) -> None:
    calls = [{"id": c.id, "name": c.name, "arguments": c.arguments} for c in answer.tool_calls]
    told = (answer.text, answer.reasoning, answer.finish_reason, calls)
    names = ("text", "reasoning", "finish_reason", "tool_calls")
    assert told == tuple(expected[name] for name in names)
    counts = expected["usage"] or {}
    assert {name: getattr(answer.usage, name) for name in counts} == counts


def check_error(error: UpstreamError | None, expected: dict[str, Any] | None) -> None:
    if expected is None or error is None:
        assert (error is None) == (expected is None), error
        return
    assert error.kind.family in (expected["kind"], *expected.get("kind_alt", []))
    assert expected["message_contains"] in error.detail
    for name in ("retry_after_s", "param"):
        assert name not in expected or getattr(error, name) == expected[name]


@pytest.mark.parametrize("cut", ["whole", "as_given", "smallest"])
@pytest.mark.parametrize("case", CHATS, ids=name_of)
def test_a_chat_is_understood(case: dict[str, Any], cut: str) -> None:
    answer, error = decoded(case, cut)
    check_answer(answer, case["expect"])
    check_error(error, case["expect"]["error"])


@pytest.mark.parametrize("case", STREAMS, ids=name_of)
async def test_a_chat_is_understood_over_tcp(case: dict[str, Any]) -> None:
    events: list[Event] = []
    error = None
    async with Upstream() as upstream:
        # Twice, since a refusal of `stream_options` is answered by asking without.
        upstream.script(_response(case))
        upstream.script(_response(case))
        try:
            async for event in stream_chat(Endpoint(upstream.base_url), _request()):
                events.append(event)
        except UpstreamError as raised:
            error = raised
        await close()
    check_answer(collect(events), case["expect"])
    check_error(error, case["expect"]["error"])


@pytest.mark.parametrize("case", LISTS, ids=name_of)
def test_a_list_of_models_is_understood(case: dict[str, Any]) -> None:
    ids, error = None, None
    try:
        ids = [m.id for m in read_models(case["http_status"], case["headers"], body_of(case))]
    except UpstreamError as raised:
        error = raised
    assert ids == case["expect"].get("models")
    check_error(error, case["expect"]["error"])


def _request() -> ChatRequest:
    return ChatRequest("m", (Message("user", "hi"),))


def _response(case: dict[str, Any]) -> bytes:
    body = body_of(case)
    headers = {**case["headers"], "content-length": str(len(body))}
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {case['http_status']} X\r\n{fields}\r\n".encode() + body
