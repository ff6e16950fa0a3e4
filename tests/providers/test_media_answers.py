"""What services make besides chats, read from a body, and what is none of it."""

import base64
import json
import struct
from collections.abc import Callable, Mapping

import pytest

from providers.errors import ErrorKind, UpstreamError
from providers.events import Usage
from providers.media import Image, Segment
from providers.media_answers import read_embeddings, read_images
from providers.sound_answers import read_speech, read_transcription

Read = Callable[[int, Mapping[str, str], bytes, str], object]
JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain; charset=utf-8"}
MP3 = {"content-type": "audio/mpeg"}
READERS: list[Read] = [read_embeddings, read_images, read_transcription, read_speech]
PAGE = b"<!doctype html><html><head><title>Relay</title></head><body>Welcome</body></html>"
KEY = "sk-canary-0123456789"
PNG = b"\x89PNG\r\n\x1a\n"


def failure(
    read: Read, body: bytes, headers: Mapping[str, str] = JSON, status: int = 200
) -> UpstreamError:
    with pytest.raises(UpstreamError) as raised:
        read(status, headers, body, KEY)
    return raised.value


def data(*entries: object, **around: object) -> bytes:
    return json.dumps({"data": list(entries), **around}).encode()


def packed(*numbers: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def vectors(*entries: object) -> list[list[float]]:
    return [list(vector) for vector in read_embeddings(200, JSON, data(*entries)).vectors]


def image(**entry: object) -> Image:
    return read_images(200, JSON, data(entry)).images[0]


def test_vectors_are_in_the_order_of_the_texts() -> None:
    entries = [{"index": 2, "embedding": [3]}, {"index": 0, "embedding": [1]}]
    assert vectors(*entries, {"index": 1, "embedding": [2]}) == [[1.0], [2.0], [3.0]]


@pytest.mark.parametrize("indexes", [[0, 0], [None, None], ["1", "0"], [1, None], [True, False]])
def test_vectors_without_numbers_of_their_own_stay_as_they_came(indexes: list[object]) -> None:
    entries = [{"index": i, "embedding": [n]} for i, n in zip(indexes, [5, 4], strict=True)]
    assert vectors(*entries) == [[5.0], [4.0]]


def test_vectors_may_be_told_as_base64_and_as_numbers() -> None:
    assert vectors({"embedding": packed(0.5, -2)}, {"embedding": [0.5, -2]}) == [[0.5, -2.0]] * 2


def test_tokens_of_vectors_are_counted() -> None:
    body = data({"embedding": [1]}, usage={"prompt_tokens": 2, "total_tokens": 2})
    assert read_embeddings(200, JSON, body).usage == Usage(prompt_tokens=2, total_tokens=2)


@pytest.mark.parametrize(
    "told",
    [
        *([], None, "", {}, "no base64!", packed(1.0, 2.0)[:-3], packed(1.0)[:4], "AAAA"),
        *([float("nan")], [float("inf")], [None], ["1"], [True], [[1.0]], [10**400]),
        *(packed(float("nan")), packed(float("-inf"), 1.0)),
    ],
    ids=str,
)
def test_a_damaged_vector_is_an_error(told: object) -> None:
    assert failure(read_embeddings, data({"embedding": told})).kind == ErrorKind.PROTOCOL


def test_a_vector_that_is_shorter_than_the_others_is_damaged() -> None:
    body = data({"embedding": packed(1.0, 2.0)}, {"embedding": packed(1.0)})
    assert failure(read_embeddings, body).kind == ErrorKind.PROTOCOL


@pytest.mark.parametrize("body", [b'{"data": [7]}', b'{"data": {}}', b"[[1.0]]", b"{}", b"null"])
@pytest.mark.parametrize("read", [read_embeddings, read_images])
def test_json_of_another_shape_is_no_answer(read: Read, body: bytes) -> None:
    assert failure(read, body).kind == ErrorKind.PROTOCOL


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"b64_json": base64.b64encode(PNG).decode()}, Image(PNG)),
        ({"b64_json": "iVBO\nRw0KGgo="}, Image(PNG)),
        ({"b64_json": "data:image/png;base64,iVBORw0KGgo="}, Image(PNG)),
        ({"url": "data:image/png;base64,iVBORw0KGgo="}, Image(PNG)),
        ({"url": "https://a/b?c=d", "b64_json": None}, Image(url="https://a/b?c=d")),
        ({"url": "https://a/b", "b64_json": "iVBORw0KGgo="}, Image(PNG)),
        ({"b64_json": "iVBORw0KGgo=", "revised_prompt": "a\x00 cat"}, Image(PNG, "", "a cat")),
        ({"b64_json": "iVBORw0KGgo=", "revised_prompt": 7}, Image(PNG)),
    ],
    ids=["base64", "wrapped", "data_url", "data_url_as_url", "url", "both", "revised", "odd"],
)
def test_an_image_is_its_bytes_or_its_address(entry: dict[str, object], expected: Image) -> None:
    assert image(**entry) == expected


def test_images_may_be_called_so_and_one_of_them_be_held_back() -> None:
    body = json.dumps({"images": [{"url": "https://a/1"}, {"url": None}]}).encode()
    assert read_images(200, JSON, body).images == (Image(url="https://a/1"),)


def test_tokens_of_images_are_counted_under_the_names_that_they_have_there() -> None:
    body = data({"url": "https://a"}, usage={"input_tokens": 1, "output_tokens": 2})
    assert read_images(200, JSON, body).usage == Usage(prompt_tokens=1, completion_tokens=2)


@pytest.mark.parametrize(
    "entry",
    [
        *({"b64_json": "iVBORw0KGgo"}, {"b64_json": "!"}, {"b64_json": 7}, {"b64_json": "===="}),
        *({"url": "file:///etc/passwd"}, {"url": "/made/1.png"}, {"url": ""}, {}),
    ],
    ids=str,
)
def test_what_is_no_whole_image_is_an_error(entry: dict[str, object]) -> None:
    assert failure(read_images, data(entry)).kind == ErrorKind.PROTOCOL


def test_a_transcription_may_have_its_times() -> None:
    segments = [
        {"start": 0, "end": "1.5", "text": "Hi", "speaker": "A"},
        {"start": 1.5, "end": float("nan"), "text": "lost"},
        "odd",
    ]
    told = {"text": "Hi", "language": "english", "duration": "3.2", "segments": segments}
    heard = read_transcription(200, JSON, json.dumps(told).encode())
    assert (heard.language, heard.duration_s) == ("english", 3.2)
    assert heard.segments == (Segment(0.0, 1.5, "Hi", "A"),)


@pytest.mark.parametrize(
    ("usage", "duration", "counts"),
    [
        ({"type": "duration", "seconds": 3}, 3.0, None),
        ({"type": "tokens", "input_tokens": 4}, None, Usage(prompt_tokens=4)),
        (None, None, None),
        ("odd", None, None),
    ],
    ids=str,
)
def test_a_transcription_is_charged_by_its_length_or_its_tokens(
    usage: object, duration: float | None, counts: Usage | None
) -> None:
    body = json.dumps({"text": "a", "usage": usage}).encode()
    heard = read_transcription(200, JSON, body)
    assert (heard.duration_s, heard.usage) == (duration, counts)


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        (TEXT, b"[Music] Hi\n", "[Music] Hi\n"),
        (TEXT, b'"Hi," he said', '"Hi," he said'),
        (TEXT, b"42", "42"),
        (TEXT, b"\n", "\n"),
        (TEXT, "\ufeff你好".encode(), "你好"),
        ({}, b"1\n00:00:00,000 --> 00:00:01,000\nHi\n", "1\n00:00:00,000 --> 00:00:01,000\nHi\n"),
        ({"content-type": "text/vtt"}, b"WEBVTT\n\nHi", "WEBVTT\n\nHi"),
        (JSON, b'"Hi"', "Hi"),
        (JSON, b'\n {"text": "", "error": null}', ""),
        (TEXT, b'{"text": "a\\ud83d"}', "a\ufffd"),
    ],
    ids=[
        *("bracket", "quote", "number", "silence", "bom", "srt", "vtt"),
        *("json_text", "silence_in_json", "json_as_text"),
    ],
)
def test_a_text_is_what_was_heard(headers: dict[str, str], body: bytes, text: str) -> None:
    assert read_transcription(200, headers, body).text == text


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (JSON, b'{"text": "cut of'),
        (TEXT, b'{"text": "cut of'),
        (JSON, b"no json"),
        (JSON, b'{"text": 7}'),
        (JSON, b"[]"),
        (JSON, b"  "),
    ],
)
def test_what_is_no_transcription_is_an_error(headers: dict[str, str], body: bytes) -> None:
    assert failure(read_transcription, body, headers).kind == ErrorKind.PROTOCOL


@pytest.mark.parametrize(
    ("headers", "body", "media_type"),
    [
        (MP3, b"ID3\x04", "audio/mpeg"),
        (TEXT, b"ID3\x04", "audio/mpeg"),
        (JSON, b"\xff\xfb\x90\x04", "audio/mpeg"),
        (TEXT, b"RIFF\x01\x00\x00\x00WAVEfmt ", "audio/wav"),
        ({}, b"\x00\x01\xfe\xff", "application/octet-stream"),
        ({"content-type": "audio/pcm;rate=24000"}, b"{\xff\x00", "audio/pcm;rate=24000"),
    ],
    ids=["mp3", "mp3_as_text", "mp3_as_json", "wav", "unknown", "samples"],
)
def test_sound_is_sound_whatever_it_is_called(
    headers: dict[str, str], body: bytes, media_type: str
) -> None:
    speech = read_speech(200, headers, body)
    assert (speech.audio, speech.media_type) == (body, media_type)


@pytest.mark.parametrize("headers", [MP3, JSON, TEXT, {}], ids=str)
@pytest.mark.parametrize(
    "body",
    [
        b'{"error": "no such voice"}',
        b'\n\n {"error": {"message": "no such voice"}}',
        b'data: {"error": "no such voice"}\n\n',
        b"no such voice",
    ],
)
def test_an_error_in_place_of_sound_is_told(headers: dict[str, str], body: bytes) -> None:
    assert "no such voice" in failure(read_speech, body, headers).detail


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("body", [b"", b"  \r\n", PAGE, b"\n" + PAGE], ids=range(4))
@pytest.mark.parametrize("headers", [JSON, {"content-type": "text/html"}], ids=str)
def test_a_page_or_nothing_is_no_answer(read: Read, body: bytes, headers: dict[str, str]) -> None:
    error = failure(read, body, headers)
    assert error.kind == ErrorKind.PROTOCOL
    assert "<" not in error.detail


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b'{"error": {"message": "no such key"}}', ErrorKind.AUTH),
        (429, b"", ErrorKind.RATE_LIMIT),
        (502, PAGE, ErrorKind.UPSTREAM),
        (200, b'{"success": false, "message": "Too many requests"}', ErrorKind.RATE_LIMIT),
        (200, b'{"error": {"code": 402, "message": "pay"}, "data": []}', ErrorKind.BILLING),
        (200, b'{"text": "overloaded", "error_code": 50001}', ErrorKind.UPSTREAM),
        (400, b'{"text": "a", "data": [{"embedding": [1], "url": "https://a"}]}', None),
    ],
)
def test_a_complaint_is_an_error_of_its_kind(
    read: Read, status: int, body: bytes, kind: ErrorKind | None
) -> None:
    assert failure(read, body, JSON, status).kind == (kind or ErrorKind.BAD_REQUEST)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize(
    "body", [f"<p>bad key {KEY}</p>", f'{{"error": "bad key {KEY}"}}'], ids=["page", "json"]
)
def test_the_key_is_not_told(read: Read, status: int, body: str) -> None:
    detail = failure(read, body.encode(), JSON, status).detail
    assert "bad key" in detail
    assert "canary" not in detail
