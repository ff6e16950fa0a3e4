"""Who sends what waits: at once, or at the next look; and whatever goes wrong, later."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from asgiref.sync import sync_to_async
from django.db import InterfaceError

from conversations import queueing, sender
from conversations.generation import hub
from conversations.models import Generation, Message, QueuedMessage
from conversations.models.generation import State
from conversations.sending import Sent
from providers import client
from providers.models import Model
from tests import people
from tests import upstream as wire
from tests.chats import a_model, a_question, asked
from tests.conversations.generation.refusals import refusing
from tests.upstream import EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await client.close()


@pytest.fixture
async def sending() -> AsyncIterator[None]:
    task = asyncio.create_task(sender.keep_sending())
    await asyncio.sleep(0)
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _put(sent: Sent, text: str) -> None:
    question = a_question(Model.objects.get(), text)
    queueing.enqueue(sent.conversation.owner, question, sent.conversation)


async def _asked(upstream: Upstream, *texts: str) -> Sent:
    def ask() -> Sent:
        sent = asked(people.olivia(), a_model(upstream.base_url))
        for text in texts:
            _put(sent, text)
        return sent

    return await sync_to_async(ask)()


async def _answers(count: int, seconds: float = 5) -> list[str]:
    """So many of them, once each is whole."""
    complete = Generation.objects.filter(state=State.COMPLETE)
    async with asyncio.timeout(seconds):
        while await complete.acount() < count:
            await asyncio.sleep(0.02)
    rows = Message.objects.filter(role="assistant").order_by("created_at")
    return [content async for content in rows.values_list("content", flat=True)]


async def test_one_after_the_other_is_sent_at_once(upstream: Upstream, sending: None) -> None:
    for text in ("first", "second", "third"):
        upstream.script(*wire.answer(text))
    sent = await _asked(upstream, "one", "two")
    assert sent.order is not None
    await hub.start(sent.order)
    assert await _answers(3, sender.EVERY_S - 0.5) == ["first", "second", "third"]
    assert [m["content"] for m in upstream.journal[2].body["messages"]][2::2] == ["one", "two"]


async def test_after_a_stop_nothing_is_sent(upstream: Upstream, sending: None) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("so far"), HANG)
    sent = await _asked(upstream, "one")
    assert sent.order is not None
    await hub.start(sent.order)
    await hub.stop(sent.answer.pk)
    await asyncio.sleep(0.3)
    assert await QueuedMessage.objects.acount() == 1


async def test_what_a_process_left_when_it_died_is_found(upstream: Upstream) -> None:
    upstream.script(*wire.answer("second"))
    await _asked(upstream, "one")
    # As it stands after the end was stored, and before anything else was.
    await Generation.objects.aupdate(state=State.COMPLETE)
    looking = asyncio.create_task(sender.keep_sending())
    assert "second" in await _answers(2)
    looking.cancel()


async def test_whatever_goes_wrong_it_is_sent_later(upstream: Upstream) -> None:
    upstream.script(*wire.answer("second"))
    await _asked(upstream, "one")
    await Generation.objects.aupdate(state=State.COMPLETE)
    async with refusing(InterfaceError("closed"), 'SELECT "conversations_queued') as refusals:
        looking = asyncio.create_task(sender.keep_sending())
        await refusals.used_up()
        assert "second" in await _answers(2, sender.EVERY_S + 3)
        looking.cancel()
