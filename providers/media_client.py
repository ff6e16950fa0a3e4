"""The functions of a service besides chats: vectors, images, transcriptions, speech."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from functools import partial
from typing import TypeVar

from django.utils.translation import gettext_noop as _

from providers.answer_body import reading
from providers.endpoint import Endpoint
from providers.exchange import Exchange
from providers.failure import broken
from providers.media import (
    EmbeddingRequest,
    Embeddings,
    ImageRequest,
    Images,
    Speech,
    SpeechRequest,
    Transcription,
    TranscriptionRequest,
)
from providers.media_answers import read_embeddings, read_images
from providers.places import Places
from providers.sound_answers import begins_as_sound, read_speech, read_transcription
from providers.text import clean
from providers.weight import MOST_WHOLE_BYTES

SPEECH = "audio/speech"
# Images and sounds are not parsed into many parts, and are as large as they are.
MOST_MEDIA_BYTES = 32 * 1024 * 1024
# Of a vector on the way: four thousand numbers, each with all its digits.
VECTOR_BYTES = 128 * 1024
# A voice that most services know, for those that insist on one.
COMMON_VOICE = "alloy"
# Such services, learnt from the refusal.
_want_voice = Places(False)

Answer = TypeVar("Answer")
Reader = Callable[[int, Mapping[str, str], bytes, str], Answer]


async def embed(endpoint: Endpoint, request: EmbeddingRequest) -> Embeddings:
    """A vector for each text; UpstreamError if one is missing."""
    texts = [clean(text) for text in request.texts]
    # Every service takes one text as it is; some take no list.
    body = {"model": request.model, "input": texts[0] if len(texts) == 1 else texts}
    async with Exchange(endpoint) as exchange:
        await exchange.post("embeddings", {**request.params, **body})
        read = partial(read_embeddings, count=len(texts))
        most = MOST_WHOLE_BYTES + len(texts) * VECTOR_BYTES
        found = await _whole(exchange, endpoint, read, most)
        if len(found.vectors) != len(texts):
            raise broken(_("not as many vectors as texts"), exchange.status)
        return found


async def draw(endpoint: Endpoint, request: ImageRequest) -> Images:
    """UpstreamError if no image came, or one is damaged."""
    body = {"model": request.model, "prompt": clean(request.prompt)}
    async with Exchange(endpoint) as exchange:
        await exchange.post("images/generations", {**request.params, **body})
        return await _whole(exchange, endpoint, read_images)


async def edit_image(endpoint: Endpoint, request: ImageRequest) -> Images:
    """As `draw`, from the images of the request, at least one."""
    fields = {"model": request.model, "prompt": request.prompt}
    name = "image" if len(request.images) == 1 else "image[]"
    files = [(name, image) for image in request.images]
    if request.mask:
        files.append(("mask", request.mask))
    async with Exchange(endpoint) as exchange:
        await exchange.post_form("images/edits", _fields({**request.params, **fields}), files)
        return await _whole(exchange, endpoint, read_images)


async def transcribe(endpoint: Endpoint, request: TranscriptionRequest) -> Transcription:
    """UpstreamError if the answer is no transcription; an empty one is."""
    fields = _fields({**request.params, "model": request.model})
    # The text may be asked for as it is, and then it is no JSON.
    async with Exchange(endpoint) as exchange:
        files = [("file", request.audio)]
        await exchange.post_form("audio/transcriptions", fields, files, accept="*/*")
        return await _whole(exchange, endpoint, read_transcription, MOST_WHOLE_BYTES)


async def speak(endpoint: Endpoint, request: SpeechRequest) -> Speech:
    """UpstreamError if no sound came."""
    async with Exchange(endpoint) as exchange:
        await _ask_to_speak(exchange, endpoint, request)
        return await _whole(exchange, endpoint, read_speech)


async def stream_speech(endpoint: Endpoint, request: SpeechRequest) -> AsyncGenerator[bytes, None]:
    """The sound as it comes, in its format; UpstreamError before it, or after what came.

    Leave the loop early only inside `contextlib.aclosing`.
    """
    async with Exchange(endpoint) as exchange:
        await _ask_to_speak(exchange, endpoint, request)
        start = await _start(exchange)
        if exchange.status >= 400 or not begins_as_sound(start):
            body = start + await exchange.rest(MOST_MEDIA_BYTES)
            yield read_speech(exchange.status, exchange.headers, body, endpoint.key).audio
            return
        yield read_speech(exchange.status, exchange.headers, start, endpoint.key).audio
        while (data := await exchange.read()) is not None:
            yield data


async def _whole(
    exchange: Exchange, endpoint: Endpoint, read: Reader[Answer], most: int = MOST_MEDIA_BYTES
) -> Answer:
    body = await exchange.rest(most)
    told = exchange.status, exchange.headers, body, endpoint.key
    return await reading(read, len(body), *told)


async def _ask_to_speak(exchange: Exchange, endpoint: Endpoint, request: SpeechRequest) -> None:
    """Without a voice if none was chosen, and once more with one if the service insists."""
    place = (endpoint.base_url, request.model)
    voice = request.voice or (COMMON_VOICE if _want_voice[place] else "")
    body = {**request.params, "model": request.model, "input": clean(request.text)}
    await exchange.post(SPEECH, body | ({"voice": voice} if voice else {}), accept="*/*")
    if voice or exchange.status not in (400, 422) or b"voice" not in await exchange.peek():
        return
    _want_voice[place] = True
    await exchange.post(SPEECH, {**body, "voice": COMMON_VOICE}, accept="*/*")


async def _start(exchange: Exchange) -> bytes:
    """The first piece that says something: blanks keep a connection alive. Empty if none does."""
    while (data := await exchange.read()) is not None:
        if data and not data.isspace():
            return data
    return b""


def _fields(params: Mapping[str, object]) -> dict[str, str | list[str]]:
    """As a form has them: a list is a field that is given more than once."""
    return {
        name: [_as_text(each) for each in value] if isinstance(value, list) else _as_text(value)
        for name, value in params.items()
    }


def _as_text(value: object) -> str:
    return clean(value) if isinstance(value, str) else json.dumps(value)
