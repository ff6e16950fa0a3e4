"""A page's socket: it says which answers it shows and how far, and is sent what it lacks.

Nothing is decided here. Who may see what is `access`, what there is to send is `follow`. A page
that does not acknowledge frames is sent no more of them; when it does again, it gets one update
with all that came meanwhile.
"""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.handlers.asgi import ASGIRequest
from django.utils import translation

from conversations.access import may_follow
from conversations.flow import Allowance, Flight
from conversations.frames import foot, gone_frame, update_frame
from conversations.generation import hub, store
from conversations.generation.follow import ended_answer, follow
from conversations.generation.live import Mark
from conversations.limits import has_room_for_socket
from conversations.sockets import closed, opened

# In flight; at 20 frames a second, more than a page on the other side of the world ever needs.
WINDOW = 64
WINDOW_BYTES = 2 * 1024 * 1024
MOST_FOLLOWED = 32
# A page asks once for each unfinished answer that it shows.
FOLLOWS_AT_ONCE = 64
FOLLOWS_PER_S = 8.0
LOG_IN_AGAIN = 4401
TOO_MUCH = 4429


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    # No layer: it would cost a task per socket, and loses messages by design.
    channel_layer_alias = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels' own looks after the loop's database connections first, in another thread and
        # for each acknowledgement; nothing here uses one.
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.flight = Flight(WINDOW, WINDOW_BYTES)
        self.follows = Allowance(FOLLOWS_AT_ONCE, FOLLOWS_PER_S)
        self.language = _language(self.scope)
        self.following: dict[UUID, asyncio.Task[None]] = {}
        await self.accept()
        # Accepted first: the page can read the code of a close, but not of a refusal.
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(LOG_IN_AGAIN)
        elif not has_room_for_socket(user.pk):
            await self.close(TOO_MUCH)
        else:
            opened(user.pk, self)

    async def disconnect(self, code: int) -> None:
        closed(self.scope["user"].pk, self)
        for task in list(self.following.values()):
            task.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        match _parse(text_data):
            case {"ack": int(number)}:
                self.flight.land(number)
            case {"follow": str(answer), "cursor": str(cursor)}:
                if self.follows.take(self.loop.time()):
                    self._follow(answer, Mark.parse(cursor))
                else:
                    await self.close(TOO_MUCH)

    def _follow(self, answer: str, mark: Mark | None) -> None:
        try:
            answer_id = UUID(answer)
        except ValueError:
            return
        if before := self.following.pop(answer_id, None):
            before.cancel()
        if len(self.following) < MOST_FOLLOWED:
            task = asyncio.create_task(self._forward(answer_id, mark))
            self.following[answer_id] = task
            task.add_done_callback(lambda task: self._forget(answer_id, task))

    def _forget(self, answer_id: UUID, task: "asyncio.Task[None]") -> None:
        if self.following.get(answer_id) is task:
            del self.following[answer_id]

    async def _forward(self, answer_id: UUID, mark: Mark | None) -> None:
        # Before anything is looked up, so that a page which was behind gets all of it at once.
        await self.flight.room()
        if not await self._may_follow(answer_id):
            await self._transmit(lambda number: gone_frame(number, str(answer_id)))
            return
        async for update in follow(answer_id, mark):
            end = await self._foot(answer_id) if update.ended else ""
            frame = partial(update_frame, language=self.language, foot=end)
            await self._transmit(partial(frame, answer_id=answer_id, update=update))
            await self.flight.room()

    async def _may_follow(self, answer_id: UUID) -> bool:
        user, run = self.scope["user"], hub.find(answer_id)
        # A run knows who asked; only for what is not written here must the database be asked.
        if run and run.order.owner_id == user.pk:
            return True
        return await store.reading(may_follow, user, answer_id)

    async def _foot(self, answer_id: UUID) -> str:
        answer = await ended_answer(answer_id)
        if answer is None:
            return ""
        return await store.reading(foot, answer, self.scope["user"], self.language)

    async def _transmit(self, frame: Callable[[int], str]) -> None:
        text = frame(self.flight.number + 1)
        self.flight.launch(len(text))
        # The bare ASGI event: `self.send` would add nothing, and this is the hot path.
        await self.base_send({"type": "websocket.send", "text": text})


def _language(scope: dict[str, Any]) -> str:
    """The language of the page that opened the socket, found as it is for the page itself."""
    request = ASGIRequest({**scope, "method": "GET"}, BytesIO())
    return translation.get_language_from_request(request)


def _parse(text: str | None) -> Any:
    """What the page said, or None for anything that is not JSON."""
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return None
