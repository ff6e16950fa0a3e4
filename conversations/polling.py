"""The way for a page whose network lets no websocket through: it asks, over and over.

`POST /updates/` with `{"<answer>": "<cursor>", …}` is answered as soon as one of these answers has
more than its cursor, after WAIT_S in any case: with the frames of the socket, a line of JSON each.
With `"watch": ["<conversation>", "<head>"]` among them also as soon as that has another head.
Like the socket it changes nothing, comes through the same door, and stands in no line of pages.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from conversations import appetite, watching
from conversations.forwarding import Frame, frames, language_of, those_shown
from conversations.generation.live import Mark
from conversations.limits import has_room_for_socket
from conversations.sockets import News, closed, opened

# Proxies give up after thirty seconds and more.
WAIT_S = 20.0
MOST_FOLLOWED = 32
MOST_BYTES = 16 * 1024
REFUSAL_S = 1.0

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Follows = dict[UUID, Mark | None]


@dataclass(frozen=True, slots=True)
class Question:
    """What a page shows: answers and how far, its conversation and that one's head."""

    follows: Follows
    watch: tuple[UUID, str] | None


async def updates(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of the address; `scope` has the user."""
    if scope["method"] != "POST":
        await _answer(send, 405)
    elif not scope["user"].is_authenticated:
        await _answer(send, 401)
    elif (body := await _read(receive)) is None:
        await _answer(send, 413)
    elif (question := _parse(body)) is None:
        await _answer(send, 400)
    else:
        await _tell(scope, question, receive, send)


async def _tell(scope: Scope, question: Question, receive: Receive, send: Send) -> None:
    user = scope["user"]
    asks = max(1, len(question.follows))
    if not has_room_for_socket(user.pk) or not appetite.may_ask(user.pk, asks):
        # Who is refused at once asks again at once.
        await asyncio.sleep(REFUSAL_S)
        await _answer(send, 429)
        return
    poll = Poll(user, scope["session"], language_of(scope))
    found = await poll.wait(question, receive)
    lines = [frame(number) for number, frame in enumerate(found, 1)]
    if poll.told.done():
        lines.append(poll.told.result())
    await _answer(send, 200, "".join(f"{line}\n" for line in lines))


class Poll:
    """One question, which is open like a socket and ends when the user's sockets are closed."""

    def __init__(self, user: Any, session: Any, language: str) -> None:
        self.loop = asyncio.get_running_loop()
        self.user, self.session, self.language = user, session, language
        self.over = asyncio.Event()
        self.told: asyncio.Future[str] = self.loop.create_future()

    async def tell(self, head: str, said: str) -> None:
        self._tell(json.dumps({"changed": head, "said": said}))

    async def close(self, code: int) -> None:
        self.over.set()

    async def hear(self, news: News) -> None:
        self._tell(json.dumps(news))

    def _tell(self, line: str) -> None:
        if not self.told.done():
            self.told.set_result(line)

    async def wait(self, question: Question, receive: Receive) -> list[Frame]:
        """What there is as soon as there is something; nothing for someone who has left."""
        if not (question.follows or question.watch):
            return []
        opened(self.user, self.session, self)
        if question.watch:
            watching.watch(self, self.user.pk, *question.watch)
        # One query for all of them.
        shown = asyncio.create_task(those_shown(self.user, question.follows))
        asked = [
            asyncio.create_task(self._next(*follow, shown)) for follow in question.follows.items()
        ]
        ends = [asyncio.create_task(self.over.wait()), asyncio.create_task(_gone(receive))]
        news: list[asyncio.Future[Any]] = [*asked, *ends, self.told]
        try:
            await asyncio.wait(news, timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED)
            if any(end.done() for end in ends):
                return []
            return _found(asked)
        finally:
            closed(self.user.pk, self)
            if question.watch:
                watching.unwatch(self, question.watch[0])
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


def _parse(body: bytes) -> Question | None:
    """None for anything that is not one."""
    try:
        asked = json.loads(body)
        watch = asked.pop("watch", None)
        pairs = list(asked.items())[:MOST_FOLLOWED]
        follows = {UUID(answer): Mark.parse(cursor) for answer, cursor in pairs}
        return Question(follows, (UUID(watch[0]), str(watch[1])) if watch else None)
    except (ValueError, AttributeError, TypeError, LookupError, RecursionError):
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
