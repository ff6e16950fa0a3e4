"""What services really send, one case each, however the network cuts it (wire_cases.json)."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from providers import media_client
from providers.client import close, stream_chat
from providers.completion import collect
from providers.dialect import ChatDecoder
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.events import Completion, Event
from providers.fakeupstream.cases import RECORDED, Split, read_cases, replay
from providers.listing import read_models
from providers.media import (
    Blob,
    EmbeddingRequest,
    Embeddings,
    Image,
    ImageRequest,
    Images,
    Speech,
    SpeechRequest,
    Transcription,
    TranscriptionRequest,
)
from providers.media_answers import read_embeddings, read_images
from providers.messages import ChatRequest, Message
from providers.sound_answers import read_speech, read_transcription
from tests.upstream import Upstream

Answer = tuple[Completion, UpstreamError | None]
Made = Embeddings | Images | Transcription | Speech

CASES = json.loads(RECORDED.read_text(encoding="utf-8"))
CHATS = [case for case in CASES if case["endpoint"] in {"chat_stream", "chat_json"}]
STREAMS = [case for case in CASES if case["endpoint"] == "chat_stream"]
LISTS = [case for case in CASES if case["endpoint"] == "models"]
READERS: dict[str, Callable[[int, Mapping[str, str], bytes], Made]] = {
    "embeddings": read_embeddings,
    "images": read_images,
    "transcriptions": read_transcription,
    "speech": read_speech,
}
MEDIA = [case for case in CASES if case["endpoint"] in READERS]
RECORDINGS = read_cases(RECORDED)
# Longer bodies are cut often enough by the pieces of three bytes.
MOST_BYTE_BY_BYTE = 6 * 1024


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


@pytest.mark.parametrize("case", MEDIA, ids=name_of)
def test_what_was_made_is_understood(case: dict[str, Any]) -> None:
    made: Made | None = None
    error = None
    try:
        read = READERS[case["endpoint"]]
        made = read(case["http_status"], case["headers"], body_of(case))
    except UpstreamError as raised:
        error = raised
    check_made(made, case["expect"])
    check_error(error, case["expect"]["error"])


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("case", MEDIA, ids=name_of)
async def test_what_was_made_is_understood_over_tcp(case: dict[str, Any], split: Split) -> None:
    made: Made | None = None
    error = None
    async with Upstream() as upstream:
        upstream.script(*replay(RECORDINGS[case["name"]], split))
        try:
            made = await _made(Endpoint(upstream.base_url), case["endpoint"])
        except UpstreamError as raised:
            error = raised
        await close()
    check_made(made, case["expect"])
    check_error(error, case["expect"]["error"])


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("case", [c for c in MEDIA if c["endpoint"] == "speech"], ids=name_of)
async def test_speech_is_understood_as_it_comes(case: dict[str, Any], split: Split) -> None:
    sound, error = b"", None
    async with Upstream() as upstream:
        upstream.script(*replay(RECORDINGS[case["name"]], split))
        try:
            request = SpeechRequest("m", "hi", "alloy")
            async for piece in media_client.stream_speech(Endpoint(upstream.base_url), request):
                sound += piece
        except UpstreamError as raised:
            error = raised
        await close()
    assert sound == (body_of(case) if error is None else b"")
    check_error(error, case["expect"]["error"])


def check_made(made: Made | None, expected: dict[str, Any]) -> None:
    """What came, in the words of the cases."""
    told: dict[str, Any] = {}
    counts = expected["usage"] or {}
    if isinstance(made, Images):
        told["images"] = [_as_sent(image) for image in made.images]
        told["images_count"] = len(made.images)
    elif isinstance(made, Embeddings):
        told["embeddings"] = [list(vector) for vector in made.vectors]
    elif isinstance(made, Speech):
        told["binary_len"] = len(made.audio)
    told["text"] = made.text if isinstance(made, Transcription) else ""
    names = ("text", "images", "images_count", "embeddings", "binary_len")
    wanted = {name: expected[name] for name in names if name in expected}
    assert {name: told.get(name) for name in wanted} == wanted
    assert {name: getattr(getattr(made, "usage", None), name) for name in counts} == counts


def _as_sent(image: Image) -> dict[str, str]:
    if not image.data:
        return {"url": image.url}
    return {"b64_json": base64.b64encode(image.data).decode()}


async def _made(endpoint: Endpoint, function: str) -> Made:
    if function == "embeddings":
        return await media_client.embed(endpoint, EmbeddingRequest("m", ("hi",)))
    if function == "images":
        return await media_client.draw(endpoint, ImageRequest("m", "a cat"))
    if function == "transcriptions":
        audio = Blob(b"ID3", "a.mp3", "audio/mpeg")
        return await media_client.transcribe(endpoint, TranscriptionRequest("m", audio))
    return await media_client.speak(endpoint, SpeechRequest("m", "hi", "alloy"))


def _request() -> ChatRequest:
    return ChatRequest("m", (Message("user", "hi"),))


def _response(case: dict[str, Any]) -> bytes:
    body = body_of(case)
    headers = {**case["headers"], "content-length": str(len(body))}
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {case['http_status']} X\r\n{fields}\r\n".encode() + body
