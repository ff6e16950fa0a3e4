"""A run of which nothing more is heard: its service has said one thing, and stays silent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asgiref.sync import sync_to_async

from conversations.generation import hub
from conversations.generation.run import Run
from providers import client
from tests import people
from tests import upstream as wire
from tests.chats import a_model, asked
from tests.upstream import EVENT_STREAM, HANG, Upstream


@asynccontextmanager
async def begun(said: str) -> AsyncIterator[Run]:
    async with Upstream() as upstream:
        upstream.script(EVENT_STREAM, wire.chunk(said), HANG)
        sent = await sync_to_async(lambda: asked(people.olivia(), a_model(upstream.base_url)))()
        assert sent.order is not None
        yield await hub.start(sent.order)
        await hub.shutdown()
        await client.close()
