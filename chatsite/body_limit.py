"""No request body larger than the site's limit reaches the site, on any path.

But files of conversations, whose address says that a user was given a form for one: what is larger
than the usual goes to the disk as it comes, and to the site as an open file under BODY.
"""

from collections.abc import Mapping
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings

from chatsite.asgi_types import Application, Event, Receive, Scope, Send
from conversations.importing.ticket import PREFIX, REFUSED, is_valid

BODY = "chatsite.body"
REFUSAL = b"This is too large to send."
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", str(len(REFUSAL)).encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"connection", b"close"),
]
# What a form puts around a file.
AROUND = 64 * 1024


def large_limit(path: str, content_type: bytes) -> int:
    """In bytes; 0 where nothing is larger than usual. Only a form with a file is read piece by
    piece: whatever else there is, at once."""
    is_form = content_type.lower().startswith(b"multipart/form-data")
    return int(settings.IMPORT_LIMIT_BYTES) + AROUND if is_form and is_valid(path) else 0


def refusing_page(path: str) -> bytes:
    """Where it is told why, for whoever sent a form and reads what comes next; empty for none."""
    return REFUSED.encode() if path.startswith(PREFIX) else b""


def file_for_body() -> IO[bytes]:
    """It has no name, and is gone with the request."""
    return TemporaryFile(dir=settings.IMPORT_DIR)


class BodyLimit:
    """Counts the bytes that arrive, whatever Content-Length says, and at the first over the limit
    answers 413, or leads to the page that tells why. The whole body is read before the site runs,
    which is no loss: the site would spool it all the same, and without a limit."""

    def __init__(self, app: Application, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or BODY in scope:
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        length = _length(headers)
        limit = self.limit
        if length > limit and "path" in scope:
            limit = max(limit, large_limit(scope["path"], headers.get(b"content-type", b"")))
        if length > limit:
            await _refuse(scope, send)
        elif length > self.limit:
            await self._keep_then_run(limit, scope, receive, send)
        else:
            await self._read_then_run(scope, receive, send)

    async def _read_then_run(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        while True:
            event = await receive()
            if event["type"] != "http.request":
                return  # gone before the request was whole
            body += event.get("body", b"")
            if len(body) > self.limit:
                await _refuse(scope, send)
                return
            if not event.get("more_body"):
                break
        await self.app(scope, _replay(bytes(body), receive), send)

    async def _keep_then_run(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        with file_for_body() as body:
            while True:
                event = await receive()
                if event["type"] != "http.request":
                    return
                body.write(event.get("body", b""))
                if body.tell() > limit:
                    await _refuse(scope, send)
                    return
                if not event.get("more_body"):
                    break
            body.seek(0)
            await self.app({**scope, BODY: body}, _replay(b"", receive), send)


def _length(headers: Mapping[bytes, bytes]) -> int:
    value = headers.get(b"content-length", b"0")
    # As many digits as no body has; of thousands, `int` would make an error.
    return int(value[:20]) if value.isdigit() else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    first = [body]

    async def next_event() -> Event:
        if first:
            return {"type": "http.request", "body": first.pop(), "more_body": False}
        return await receive()

    return next_event


async def _refuse(scope: Scope, send: Send) -> None:
    if page := refusing_page(scope.get("path", "")):
        headers = [(b"location", page), (b"content-length", b"0"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 413, "headers": HEADERS})
    await send({"type": "http.response.body", "body": REFUSAL})
