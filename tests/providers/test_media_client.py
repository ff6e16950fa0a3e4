"""Vectors, images, transcriptions and speech over real TCP."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from email import message_from_bytes
from email.message import Message

import pytest

from providers import client
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.image_fetching import fetch_image
from providers.media import (
    Blob,
    EmbeddingRequest,
    Image,
    ImageRequest,
    SpeechRequest,
    TranscriptionRequest,
)
from providers.media_client import (
    draw,
    edit_image,
    embed,
    speak,
    stream_speech,
    transcribe,
)
from tests import upstream as wire
from tests.upstream import CUT, HANG, Received, Upstream

MEGABYTE = 1024 * 1024
KEY = "sk-canary-0123456789"
SHORT = TimeLimits(connect=0.2, first_byte=0.2, idle=0.2, total=2)
PNG = b"\x89PNG\r\n\x1a\n"
MP3 = b"ID3\x04" + bytes(range(256))
CAT = Blob(PNG, "cat.png", "image/png")
SAID = Blob(MP3, "said.mp3", "audio/mpeg")
VECTOR = {"data": [{"index": 0, "embedding": [0.5]}]}
DRAWN = {"data": [{"b64_json": base64.b64encode(PNG).decode()}]}
CALLS: dict[str, Callable[[Endpoint], Awaitable[object]]] = {
    "embed": lambda to: embed(to, EmbeddingRequest("m", ("hi",))),
    "draw": lambda to: draw(to, ImageRequest("m", "a cat")),
    "edit": lambda to: edit_image(to, ImageRequest("m", "a dog", (CAT,))),
    "transcribe": lambda to: transcribe(to, TranscriptionRequest("m", SAID)),
    "speak": lambda to: speak(to, SpeechRequest("m", "hi")),
    "stream": lambda to: heard(to, SpeechRequest("m", "hi")),
    "fetch": lambda to: fetch_image(to, Image(url=f"{to.base_url}/1.png")),
}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await client.close()


def at(upstream: Upstream, **fields: object) -> Endpoint:
    return Endpoint(upstream.base_url, KEY, limits=SHORT, **fields)  # type: ignore[arg-type]


def said(value: object) -> bytes:
    return wire.response(200, "application/json", json.dumps(value).encode())


def parts_of(received: Received) -> list[Message]:
    """The fields of a form, as another parser sees them."""
    head = f"content-type: {received.headers['content-type']}\r\n\r\n"
    form = message_from_bytes(head.encode() + received.raw)
    assert form.is_multipart()
    return [part for part in form.walk() if part is not form]


def fields_of(received: Received) -> list[tuple[str, bytes]]:
    return [
        (str(part.get_param("name", header="content-disposition")), _content(part))
        for part in parts_of(received)
    ]


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


async def heard(endpoint: Endpoint, request: SpeechRequest) -> bytes:
    return b"".join([piece async for piece in stream_speech(endpoint, request)])


async def failure(call: Awaitable[object]) -> UpstreamError:
    with pytest.raises(UpstreamError) as raised:
        await call
    return raised.value


async def test_one_text_is_sent_as_it_is_with_what_was_set(upstream: Upstream) -> None:
    upstream.script(said(VECTOR))
    request = EmbeddingRequest("m", ("a\ud83d",), {"dimensions": 1})
    assert (await embed(at(upstream), request)).vectors == ((0.5,),)
    assert upstream.journal[0].path == "/v1/embeddings"
    assert upstream.journal[0].body == {"model": "m", "input": "a\ufffd", "dimensions": 1}


async def test_several_texts_are_a_list(upstream: Upstream) -> None:
    upstream.script(said({"data": [{"embedding": [1]}, {"embedding": [2]}]}))
    await embed(at(upstream), EmbeddingRequest("m", ("a", "b")))
    assert upstream.journal[0].body["input"] == ["a", "b"]


@pytest.mark.parametrize("texts", [("a", "b"), ()])
async def test_another_number_of_vectors_is_an_error(
    upstream: Upstream, texts: tuple[str, ...]
) -> None:
    upstream.script(said(VECTOR))
    error = await failure(embed(at(upstream), EmbeddingRequest("m", texts)))
    assert (error.kind, error.status) == (ErrorKind.PROTOCOL, 200)


async def test_an_image_is_drawn_with_what_was_set_alone(upstream: Upstream) -> None:
    upstream.script(said(DRAWN))
    drawn = await draw(at(upstream), ImageRequest("m", "a cat", params={"size": "1x1"}))
    assert drawn.images == (Image(PNG),)
    assert upstream.journal[0].path == "/v1/images/generations"
    assert upstream.journal[0].body == {"model": "m", "prompt": "a cat", "size": "1x1"}


async def test_an_image_is_changed_with_a_form(upstream: Upstream) -> None:
    upstream.script(said(DRAWN))
    request = ImageRequest("m", "黑 cat", (CAT,), CAT, {"n": 2})
    assert (await edit_image(at(upstream), request)).images == (Image(PNG),)
    [received] = upstream.journal
    assert received.path == "/v1/images/edits"
    assert fields_of(received) == [
        *((b"n".decode(), b"2"), ("model", b"m"), ("prompt", "黑 cat".encode())),
        *(("image", PNG), ("mask", PNG)),
    ]


async def test_several_images_are_sent_as_a_list(upstream: Upstream) -> None:
    upstream.script(said(DRAWN))
    await edit_image(at(upstream), ImageRequest("m", "p", (CAT, CAT)))
    assert [name for name, _ in fields_of(upstream.journal[0])][2:] == ["image[]", "image[]"]


async def test_a_recording_is_sent_by_its_name_and_type(upstream: Upstream) -> None:
    upstream.script(said({"text": "Hello"}))
    recording = Blob(MP3, 'a "录音".mp3', "audio/mpeg")
    asked = TranscriptionRequest("m", recording, {"language": "en"})
    assert (await transcribe(at(upstream), asked)).text == "Hello"
    file = parts_of(upstream.journal[0])[-1]
    assert (file.get_content_type(), _content(file)) == ("audio/mpeg", MP3)
    assert 'filename="a %22录音%22.mp3"'.encode() in upstream.journal[0].raw


async def test_a_form_has_the_key_and_no_type_of_json(upstream: Upstream) -> None:
    upstream.script(said({"text": "Hello"}))
    await transcribe(at(upstream), TranscriptionRequest("m", SAID))
    headers = upstream.journal[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(headers["content-length"]) == len(upstream.journal[0].raw)


async def test_lists_and_flags_stand_in_a_form_as_forms_have_them(upstream: Upstream) -> None:
    upstream.script(said({"text": "Hello"}))
    params = {"times[]": ["word", "segment"], "diarize": True, "more": {"a": 1}, "half": "\ud83d"}
    await transcribe(at(upstream), TranscriptionRequest("m", SAID, params))
    assert fields_of(upstream.journal[0])[:5] == [
        *(("times[]", b"word"), ("times[]", b"segment"), ("diarize", b"true")),
        *(("more", b'{"a": 1}'), ("half", b"\xef\xbf\xbd")),
    ]


async def test_a_recording_of_any_size_is_sent(upstream: Upstream) -> None:
    upstream.script(said({"text": "Hello"}))
    recording = Blob(bytes(26 * MEGABYTE), "long.wav", "audio/wav")
    assert (await transcribe(at(upstream), TranscriptionRequest("m", recording))).text == "Hello"
    assert len(upstream.journal[0].raw) > 26 * MEGABYTE


async def test_a_text_is_spoken(upstream: Upstream) -> None:
    upstream.script(wire.response(200, "audio/mpeg", MP3))
    request = SpeechRequest("m", "Hi", "nova", {"speed": 1.5})
    speech = await speak(at(upstream), request)
    assert (speech.audio, speech.media_type) == (MP3, "audio/mpeg")
    sent = {"model": "m", "input": "Hi", "voice": "nova", "speed": 1.5}
    assert upstream.journal[0].body == sent


async def test_a_service_that_insists_on_a_voice_gets_one_and_is_remembered(
    upstream: Upstream,
) -> None:
    upstream.script(wire.error(422, "field required: voice"))
    for _ in range(2):
        upstream.script(wire.response(200, "audio/mpeg", MP3))
        await speak(at(upstream), SpeechRequest("m", "Hi"))
    assert [received.body.get("voice") for received in upstream.journal] == [None, "alloy", "alloy"]


@pytest.mark.parametrize(
    ("status", "voice", "told"),
    [(400, "nova", "no such voice"), (401, "", "voice"), (400, "", "too long")],
)
async def test_another_refusal_to_speak_is_not_sent_again(
    upstream: Upstream, status: int, voice: str, told: str
) -> None:
    upstream.script(wire.error(status, told))
    error = await failure(speak(at(upstream), SpeechRequest("m", "Hi", voice)))
    assert error.detail == told
    assert len(upstream.journal) == 1


async def test_speech_is_heard_before_it_is_whole(upstream: Upstream) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\n\r\n"
    upstream.script(head, MP3, HANG)
    pieces = stream_speech(at(upstream), SpeechRequest("m", "Hi"))
    assert await anext(pieces) == MP3
    assert (await failure(anext(pieces))).kind == ErrorKind.TIMEOUT


async def test_what_breaks_off_is_an_error_after_what_came(upstream: Upstream) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 1000\r\n\r\n"
    upstream.script(head, MP3, CUT)
    pieces = stream_speech(at(upstream), SpeechRequest("m", "Hi"))
    assert await anext(pieces) == MP3
    assert (await failure(anext(pieces))).kind == ErrorKind.PROTOCOL


@pytest.mark.parametrize("body", [b'\n{"error": "no voice"}', b"<p>no voice</p>", b" \n", b""])
async def test_a_stream_of_something_else_is_no_speech(upstream: Upstream, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: {len(body)}\r\n\r\n"
    upstream.script(head.encode(), *[bytes([byte]) for byte in body], CUT)
    error = await failure(heard(at(upstream), SpeechRequest("m", "Hi")))
    assert error.detail == ("no voice" if body.strip() else "")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_a_silent_service_is_not_waited_for(
    upstream: Upstream, call: Callable[[Endpoint], Awaitable[object]]
) -> None:
    upstream.script(HANG)
    assert (await failure(call(at(upstream)))).kind == ErrorKind.TIMEOUT


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("status", [200, 404, 413])
async def test_a_page_in_place_of_an_answer_is_an_error(
    upstream: Upstream, call: Callable[[Endpoint], Awaitable[object]], status: int
) -> None:
    page = f"<html><body>{KEY}</body></html>".encode()
    upstream.script(wire.response(status, "text/html", page))
    error = await failure(call(at(upstream)))
    assert error.status == status
    assert "canary" not in error.detail


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_an_answer_without_an_end_is_bounded(
    upstream: Upstream,
    call: Callable[[Endpoint], Awaitable[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("providers.exchange.MOST_BYTES", MEGABYTE)
    upstream.script(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 60_000] * 40, CUT)
    assert (await failure(call(at(upstream)))).kind == ErrorKind.PROTOCOL
