"""A generator of text -> an answer that is sent as it is made, with no more than a part of it in
memory."""

from collections.abc import AsyncIterator, Iterator

from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header

from conversations.generation import store

PART = 64 * 1024
# Whatever a browser took it for, it could do nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def download(
    parts: Iterator[str] | Iterator[bytes], name: str, content_type: str
) -> StreamingHttpResponse:
    # Whoever sends it later knows nothing of who asked.
    sent = _sent(parts, translation.get_language() or "en")
    response = StreamingHttpResponse(sent, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    # Django would compress each part for itself, of which readers take the first for the whole.
    response["Content-Encoding"] = "identity"
    return response


async def _sent(parts: Iterator[str] | Iterator[bytes], language: str) -> AsyncIterator[bytes]:
    while part := await store.reading(_gathered, parts, language):
        yield part


def _gathered(parts: Iterator[str] | Iterator[bytes], language: str) -> bytes:
    gathered = bytearray()
    with translation.override(language):
        for part in parts:
            gathered += part.encode() if isinstance(part, str) else part
            if len(gathered) >= PART:
                break
    return bytes(gathered)
