"""No request body larger than the site's limit reaches the site, on any path."""

from chatsite.asgi_types import Application, Event, Receive, Scope, Send

REFUSAL = b"This is too large to send."
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", str(len(REFUSAL)).encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"connection", b"close"),
]


class BodyLimit:
    """Counts the bytes that arrive, whatever Content-Length says, and answers 413 at the first
    one over the limit. The whole body is read before the site runs, which is no loss: the site
    would spool it all the same, and without a limit."""

    def __init__(self, app: Application, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _declared_length(scope) > self.limit:
            await _refuse(send)
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
                await _refuse(send)
                return
            if not event.get("more_body"):
                break
        await self.app(scope, _replay(bytes(body), receive), send)


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length" and value.isdigit():
            # As many digits as no body has; of thousands, `int` would make an error.
            return int(value[:20])
    return 0


def _replay(body: bytes, receive: Receive) -> Receive:
    first = [body]

    async def next_event() -> Event:
        if first:
            return {"type": "http.request", "body": first.pop(), "more_body": False}
        return await receive()

    return next_event


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": HEADERS})
    await send({"type": "http.response.body", "body": REFUSAL})
