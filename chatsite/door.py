"""The door of what is no page: the socket, and the questions that stand in for it."""

import logging
import secrets
from time import monotonic

from django.db import Error

from chatsite.access import note
from chatsite.asgi_types import Application, Event, Receive, Scope, Send
from chatsite.logs import REQUEST_ID

logger = logging.getLogger(__name__)

RETRY_AFTER_S = b"5"
TRY_AGAIN = 1013
BROKEN = 1011
OPENED, REFUSED = 101, 403


class Door:
    """Names, logs and counts each request as the middleware does with pages. With the database
    away it says so and when to come back, as they do: no fault of ours, and no traceback."""

    def __init__(self, app: Application, path: str) -> None:
        """There is nothing at any other path."""
        self.app, self.path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_here = scope["path"] == self.path
        # A copy, in which those further in put the user.
        visit = Visit({**scope}, send, self.path if is_here else "other")
        before = REQUEST_ID.set(visit.name)
        try:
            await (self.app if is_here else _refuse)(visit.scope, receive, visit.send)
        except Error as error:
            logger.warning("%s could not be answered: %s", self.path, error)
            await visit.fail(503, TRY_AGAIN)
        except Exception:
            logger.exception("%s could not be answered", self.path)
            await visit.fail(500, BROKEN)
        finally:
            REQUEST_ID.reset(before)


class Visit:
    """One request, until it is answered; of a socket, that is its handshake."""

    def __init__(self, scope: Scope, send: Send, route: str) -> None:
        self.scope, self._send, self._route = scope, send, route
        self.name = secrets.token_hex(8)
        self._began = monotonic()
        self._is_answered = False

    async def send(self, event: Event) -> None:
        if not self._is_answered:
            self._is_answered = True
            self._note(_status(event))
            if event["type"] == "http.response.start":
                name = (b"x-request-id", self.name.encode())
                event = {**event, "headers": [*event.get("headers", ()), name]}
        await self._send(event)

    async def fail(self, status: int, code: int) -> None:
        if self.scope["type"] == "websocket":
            # Accepted first: the page can read the code of a close, but not of a refusal.
            if not self._is_answered:
                self._is_answered = True
                self._note(status)
                await self._send({"type": "websocket.accept"})
            await self._send({"type": "websocket.close", "code": code})
        elif not self._is_answered:
            headers = [(b"content-length", b"0"), (b"retry-after", RETRY_AFTER_S)]
            await self.send({"type": "http.response.start", "status": status, "headers": headers})
            await self.send({"type": "http.response.body", "body": b""})

    def _note(self, status: int) -> None:
        user = self.scope.get("user")
        note(
            method=self.scope.get("method", "GET"),
            route=self._route,
            status=status,
            seconds=monotonic() - self._began,
            user=user.pk if user else None,
        )


def _status(event: Event) -> int:
    if event["type"] == "http.response.start":
        return int(event["status"])
    return OPENED if event["type"] == "websocket.accept" else REFUSED


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    # Closing what was never accepted is ASGI's way to answer 403.
    await send({"type": "websocket.close"})
