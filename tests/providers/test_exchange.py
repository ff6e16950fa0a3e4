"""What every function tells of a wrong base URL, over real TCP."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from providers import client, media_client
from providers.endpoint import Endpoint
from providers.errors import Sign, UpstreamError, WrongBase
from providers.image_fetching import fetch_image
from providers.media import (
    Blob,
    EmbeddingRequest,
    Image,
    ImageRequest,
    SpeechRequest,
    TranscriptionRequest,
)
from providers.messages import ChatRequest, Message
from tests import upstream as wire
from tests.upstream import CUT, Upstream

CHAT = ChatRequest("m", (Message("user", "hi"),))
SOUND = Blob(b"ID3", "a.mp3", "audio/mpeg")
PAGE = wire.response(200, "text/html", b"<!doctype html><title>Relay</title>")
UNEXPECTED = wire.response(
    200, "application/json", b'{"error":"Unexpected endpoint or method. (GET /models)"}'
)
MOVED = b"HTTP/1.1 301 Moved\r\nlocation: /api/v1/models\r\ncontent-length: 0\r\n\r\n"


async def stream(endpoint: Endpoint) -> None:
    async for _ in client.stream_chat(endpoint, CHAT):
        pass


async def stream_speech(endpoint: Endpoint) -> None:
    async for _ in media_client.stream_speech(endpoint, SpeechRequest("m", "hi")):
        pass


FUNCTIONS: dict[str, Callable[[Endpoint], Awaitable[object]]] = {
    "chat": stream,
    "whole": lambda endpoint: client.complete_chat(endpoint, CHAT),
    "models": client.list_models,
    "embed": lambda endpoint: media_client.embed(endpoint, EmbeddingRequest("m", ("hi",))),
    "draw": lambda endpoint: media_client.draw(endpoint, ImageRequest("m", "a cat")),
    "transcribe": lambda e: media_client.transcribe(e, TranscriptionRequest("m", SOUND)),
    "speak": lambda endpoint: media_client.speak(endpoint, SpeechRequest("m", "hi")),
    "speak at once": stream_speech,
}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await client.close()


async def seen(base_url: str, function: str = "chat") -> WrongBase | None:
    with pytest.raises(UpstreamError) as raised:
        await FUNCTIONS[function](Endpoint(base_url))
    return raised.value.wrong_base


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("response", "sign"),
    [
        (PAGE, Sign.PAGE),
        (UNEXPECTED, Sign.NO_SUCH_PATH),
        (wire.response(404, "text/plain", b""), Sign.NO_SUCH_PATH),
        (wire.response(405, "application/json", b'{"detail":"Not Found"}'), Sign.NO_SUCH_PATH),
        (wire.error(404, "Invalid URL (POST /v1/v1/chat/completions)"), Sign.DOUBLED),
        (MOVED, Sign.MOVED),
    ],
    ids=["page", "unexpected", "bare 404", "405", "doubled", "redirect"],
)
async def test_every_function_tells_a_wrong_base_url_as_such(
    upstream: Upstream, function: str, response: bytes, sign: Sign
) -> None:
    upstream.script(response, CUT)
    told = await seen(upstream.base_url.replace("/v1", "/panel"), function)
    better = "/api/v1" if sign is Sign.MOVED else "/v1"
    assert told == WrongBase(sign, upstream.base_url.replace("/v1", better))


@pytest.mark.parametrize(
    "response",
    [
        wire.error(404, "The model 'm' does not exist"),
        wire.error(401, "who are you"),
        wire.response(503, "text/html", b"<title>Busy</title>"),
        wire.EVENT_STREAM + wire.chunk("invalid url"),
    ],
    ids=["model", "key", "busy", "broken off"],
)
async def test_other_failures_say_nothing_of_the_base_url(
    upstream: Upstream, response: bytes
) -> None:
    upstream.script(response, CUT)
    assert await seen(upstream.base_url) is None


@pytest.mark.usefixtures("upstream")
async def test_who_is_not_there_says_nothing_of_the_base_url() -> None:
    assert await seen("http://127.0.0.1:9/panel") is None


async def test_an_image_that_is_gone_says_nothing_of_the_base_url(upstream: Upstream) -> None:
    upstream.script(wire.response(404, "text/html", b"<title>Gone</title>"))
    image = Image(url=upstream.base_url.replace("/v1", "/a.png"))
    with pytest.raises(UpstreamError) as raised:
        await fetch_image(Endpoint(upstream.base_url), image)
    assert raised.value.wrong_base is None
