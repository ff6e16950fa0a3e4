"""The way for a page whose network lets no websocket through: it asks, over and over.

`POST /updates/` with `{"<answer>": "<cursor>", …}` is answered as soon as one of these answers has
more than its cursor, after WAIT_S in any case: with the frames of the socket, a line of JSON each.
Like the socket it changes nothing, comes through the same door, and stands in no line of pages.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

from conversations import appetite
from conversations.forwarding import Frame, frames, language_of, those_shown
from conversations.generation.live import Mark
from conversations.limits import has_room_for_socket
from conversations.sockets import closed, opened

# Proxies give up after thirty seconds and more.
WAIT_S = 20.0
MOST_FOLLOWED = 32
MOST_BYTES = 16 * 1024
REFUSAL_S = 1.0

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Follows = dict[UUID, Mark | None]


async def updates(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of the address; `scope` has the user."""
    if scope["method"] != "POST":
        await _answer(send, 405)
    elif not scope["user"].is_authenticated:
        await _answer(send, 401)
    elif (body := await _read(receive)) is None:
        await _answer(send, 413)
    elif (follows := _parse(body)) is None:
        await _answer(send, 400)
    else:
        await _tell(scope, follows, receive, send)


async def _tell(scope: Scope, follows: Follows, receive: Receive, send: Send) -> None:
    user = scope["user"]
    if not has_room_for_socket(user.pk) or not appetite.may_ask(user.pk, len(follows)):
        # Who is refused at once asks again at once.
        await asyncio.sleep(REFUSAL_S)
        await _answer(send, 429)
        return
    found = await Poll(user, scope["session"], language_of(scope)).wait(follows, receive)
    lines = [frame(number) for number, frame in enumerate(found, 1)]
    await _answer(send, 200, "".join(f"{line}\n" for line in lines))


class Poll:
    """One question, which is open like a socket and ends when the user's sockets are closed."""

    def __init__(self, user: Any, session: Any, language: str) -> None:
        self.loop = asyncio.get_running_loop()
        self.user, self.session, self.language = user, session, language
        self.over = asyncio.Event()

    async def close(self, code: int) -> None:
        self.over.set()

    async def wait(self, follows: Follows, receive: Receive) -> list[Frame]:
        """What there is as soon as there is something; nothing for someone who has left."""
        if not follows:
            return []
        opened(self.user, self.session, self)
        # One query for all of them.
        shown = asyncio.create_task(those_shown(self.user, follows))
        asked = [asyncio.create_task(self._next(*follow, shown)) for follow in follows.items()]
        ends = [asyncio.create_task(self.over.wait()), asyncio.create_task(_gone(receive))]
        try:
            await asyncio.wait([*asked, *ends], timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED)
            if any(end.done() for end in ends):
                return []
            return _found(asked)
        finally:
            closed(self.user.pk, self)
            for task in (shown, *asked, *ends):
                task.cancel()

    async def _next(
        self, answer_id: UUID, mark: Mark | None, shown: asyncio.Task[set[UUID]]
    ) -> Frame | None:
        seen = await asyncio.shield(shown)
        async with aclosing(frames(self.user, answer_id, mark, self.language, seen)) as coming:
            async for frame in coming:
                return frame
        return None


def _found(asked: Sequence[asyncio.Task[Frame | None]]) -> list[Frame]:
    """Raises where one failed: the page asks again, and what the others found is still there."""
    ended = [task for task in asked if task.done()]
    for error in [task.exception() for task in ended]:
        if error:
            raise error
    return [frame for task in ended if (frame := task.result())]


async def _read(receive: Receive) -> bytes | None:
    """None for more than any page has to ask."""
    body = bytearray()
    while (event := await receive())["type"] == "http.request":
        body += event.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if not event.get("more_body"):
            break
    return bytes(body)


def _parse(body: bytes) -> Follows | None:
    """The cursor of each answer; None for anything that is not this."""
    try:
        pairs = list(json.loads(body).items())[:MOST_FOLLOWED]
        return {UUID(answer): Mark.parse(cursor) for answer, cursor in pairs}
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, text: str = "") -> None:
    headers = [
        (b"content-type", b"application/x-ndjson"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
