"""A page's socket: it says which answers it shows and how far, and is sent what it lacks.

It also says which conversation it shows, and is told when that changes, see `watching`.

Nothing is decided here. Who may see what, and what there is to send, is `forwarding`. A page
that does not acknowledge frames is sent no more of them; when it does again, it gets one update
with all that came meanwhile.
"""

import asyncio
import json
import logging
from contextlib import aclosing
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error

from conversations import appetite, watching
from conversations.flow import Allowance, Flight, size_of
from conversations.forwarding import Frame, frames, language_of
from conversations.generation.live import Mark
from conversations.limits import has_room_for_socket
from conversations.sockets import News, closed, opened

# In flight; at 20 frames a second, more than a page on the other side of the world ever needs.
WINDOW = 64
WINDOW_BYTES = 2 * 1024 * 1024
MOST_FOLLOWED = 32
# All that a page says: acknowledgements of many answers at once, and a ping now and then.
MESSAGES_AT_ONCE = 256
MESSAGES_PER_S = 64.0
# With the runs of four answers that are compared.
HEAD_LENGTH = 320
LOG_IN_AGAIN = 4401
TOO_MUCH = 4429
TRY_AGAIN = 1013
# For who acknowledges what was not sent.
NOT_SO = 1008

logger = logging.getLogger(__name__)


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
        self.messages = Allowance(MESSAGES_AT_ONCE, MESSAGES_PER_S)
        self.language = language_of(self.scope)
        self.following: dict[UUID, asyncio.Task[None]] = {}
        self.watched: UUID | None = None
        self.is_closing = False
        await self.accept()
        # Accepted first: the page can read the code of a close, but not of a refusal.
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(LOG_IN_AGAIN)
        elif not has_room_for_socket(user.pk):
            await self.close(TOO_MUCH)
        else:
            opened(user, self.scope["session"], self)

    async def disconnect(self, code: int) -> None:
        closed(self.scope["user"].pk, self)
        self._follow_no_more()
        self._watch_no_more()

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        # Whoever has to leave sees nothing more, also where the other side lets the close wait.
        self.is_closing = True
        self._follow_no_more()
        self._watch_no_more()
        await super().close(code, reason)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closing:
            return
        if not self.messages.take(self.loop.time()):
            await self.close(TOO_MUCH)
            return
        match _parse(text_data):
            case {"ping": _}:
                # Some networks let a socket open and nothing through it: a page wants to know.
                await self.base_send({"type": "websocket.send", "text": '{"pong":1}'})
            case {"ack": int(number)}:
                if not self.flight.land(number):
                    await self.close(NOT_SO)
            case {"follow": str(answer), "cursor": str(cursor)}:
                if appetite.may_ask(self.scope["user"].pk):
                    self._follow(answer, Mark.parse(cursor))
                else:
                    await self.close(TOO_MUCH)
            case {"watch": str(conversation), "head": str(head)}:
                self._watch(conversation, head[:HEAD_LENGTH])

    async def tell(self, head: str, said: str) -> None:
        """That the conversation which the page shows has another head by now."""
        text = json.dumps({"changed": head, "said": said})
        await self.base_send({"type": "websocket.send", "text": text})

    async def hear(self, news: News) -> None:
        await self.base_send({"type": "websocket.send", "text": json.dumps(news)})

    def _watch(self, conversation: str, head: str) -> None:
        try:
            conversation_id = UUID(conversation)
        except ValueError:
            return
        if conversation_id != self.watched:
            self._watch_no_more()
        self.watched = conversation_id
        watching.watch(self, self.scope["user"].pk, conversation_id, head)

    def _watch_no_more(self) -> None:
        if self.watched:
            watching.unwatch(self, self.watched)
            self.watched = None

    def _follow(self, answer: str, mark: Mark | None) -> None:
        try:
            answer_id = UUID(answer)
        except ValueError:
            return
        if before := self.following.pop(answer_id, None):
            before.cancel()
        if len(self.following) < MOST_FOLLOWED:
            task = asyncio.create_task(self._forward_or_close(answer_id, mark))
            self.following[answer_id] = task
            task.add_done_callback(lambda task: self._forget(answer_id, task))

    def _follow_no_more(self) -> None:
        for task in list(self.following.values()):
            task.cancel()

    def _forget(self, answer_id: UUID, task: "asyncio.Task[None]") -> None:
        if self.following.get(answer_id) is task:
            del self.following[answer_id]

    async def _forward_or_close(self, answer_id: UUID, mark: Mark | None) -> None:
        try:
            await self._forward(answer_id, mark)
        except Error as error:
            # The page comes back, and then the database may have done so too.
            logger.warning("answer %s could not be followed: %s", answer_id, error)
            await self._give_up(answer_id)
        except Exception:
            logger.exception("answer %s could not be followed", answer_id)
            await self._give_up(answer_id)

    async def _give_up(self, answer_id: UUID) -> None:
        """A page that is told comes back; one that is not would wait for ever."""
        self.following.pop(answer_id, None)
        await self.close(TRY_AGAIN)

    async def _forward(self, answer_id: UUID, mark: Mark | None) -> None:
        # Before anything is looked up, so that a page which was behind gets all of it at once.
        await self.flight.room()
        user = self.scope["user"]
        async with aclosing(frames(user, answer_id, mark, self.language)) as coming:
            async for frame in coming:
                await self._transmit(frame)
                await self.flight.room()

    async def _transmit(self, frame: Frame) -> None:
        # Of many answers that came to this point at once, each waits for the one before it.
        await self.flight.room()
        text = frame(self.flight.number + 1)
        self.flight.launch(size_of(text))
        # The bare ASGI event: `self.send` would add nothing, and this is the hot path.
        await self.base_send({"type": "websocket.send", "text": text})


def _parse(text: str | None) -> Any:
    """What the page said, or None for anything that is not JSON."""
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return None
