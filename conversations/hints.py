"""Word between the processes of one site, over Redis: hints, which may come late, twice or never.

Nothing depends on one arriving. What is true stands in the database, and whoever acts on a hint
also looks there from time to time; a hint only spares the wait. So this is pub/sub, which keeps
nothing: there is nothing to trim, to acknowledge, or to forget to delete.

A process hears what is told to everybody and what is told to it by name.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

NAME = uuid4().hex[:12]
EVERYBODY = "all"

# After this much silence the server is asked whether it is there, and has as long to answer.
SILENCE_S = 5.0
SEND_S = 2.0
RETRY_S = 0.5
# What is not sent by then has lost its use.
WAITING_MOST = 1000

Hint = dict[str, Any]
# By kind, what is done at a hint; on the server's loop.
Handlers = Mapping[str, Callable[[Hint], None]]
_line: "Line | None" = None


def tell(kind: str, to: str = EVERYBODY, **what: Any) -> None:
    """From any thread; nothing happens without Redis. Not heard by this process itself."""
    if line := _line:
        message = json.dumps({"kind": kind, "from": NAME, **what}, separators=(",", ":"))
        line.loop.call_soon_threadsafe(line.put, to, message)


async def keep_listening(url: str, site: str, handlers: Handlers) -> None:
    """Never returns; the server runs it as a task. `site` keeps apart those who share a Redis."""
    global _line
    client = Redis.from_url(
        url,
        socket_connect_timeout=SEND_S,
        socket_timeout=SEND_S,
        socket_keepalive=True,
        # Once more over a new connection: the one at hand may be from before Redis was away.
        retry=Retry(NoBackoff(), 1),
    )
    _line = Line(client, site, handlers)
    try:
        await asyncio.gather(_line.listen(), _line.send())
    finally:
        _line = None
        with suppress(RedisError, OSError):
            await client.aclose()


class Line:
    """This process's connections, which come back by themselves."""

    def __init__(self, client: Redis, site: str, handlers: Handlers) -> None:
        self.loop = asyncio.get_running_loop()
        self._handlers = handlers
        self._client = client
        self._prefix = f"chatsite:{site}:"
        self._is_up: bool | None = None
        self._waiting: deque[tuple[str, str]] = deque(maxlen=WAITING_MOST)
        self._has_waiting = asyncio.Event()

    def put(self, to: str, message: str) -> None:
        if self._is_up:
            self._waiting.append((self._prefix + to, message))
            self._has_waiting.set()

    async def listen(self) -> None:
        while True:
            try:
                async with self._client.pubsub() as pubsub:
                    await pubsub.subscribe(self._prefix + EVERYBODY, self._prefix + NAME)
                    await self._hear(pubsub)
            except Exception as error:
                # Whatever it is: who hears nothing any more would not even know it.
                self._note(is_up=False, why=repr(error))
                await asyncio.sleep(RETRY_S)

    async def send(self) -> None:
        while True:
            await self._has_waiting.wait()
            self._has_waiting.clear()
            batch = list(self._waiting)
            self._waiting.clear()
            # A hint that could not be sent is a hint that was lost.
            with suppress(Exception):
                await asyncio.wait_for(self._publish(batch), SEND_S)

    async def _publish(self, batch: list[tuple[str, str]]) -> None:
        async with self._client.pipeline(transaction=False) as pipeline:
            for channel, message in batch:
                pipeline.publish(channel, message)
            await pipeline.execute()

    async def _hear(self, pubsub: PubSub) -> None:
        is_asked = False
        while True:
            message = await pubsub.get_message(timeout=SILENCE_S)
            if message is None and is_asked:
                raise TimeoutError("it does not answer")
            is_asked = message is None
            if message is None:
                await pubsub.ping()
            elif message["type"] == "subscribe":
                self._note(is_up=True)
            elif message["type"] == "message":
                self._handle(message["data"])

    def _handle(self, data: bytes) -> None:
        try:
            hint = json.loads(data)
            if hint["from"] != NAME and (handler := self._handlers.get(hint["kind"])):
                handler(hint)
        except Exception:
            # Whatever it was, the next one may be fine.
            logger.exception("a hint could not be used")

    def _note(self, *, is_up: bool, why: str = "") -> None:
        if is_up and not self._is_up:
            logger.info("Redis is there")
        elif not is_up and self._is_up is not False:
            logger.warning("Redis is away, the database has to do: %s", why)
        self._is_up = is_up
