"""Who is told that a conversation has another head by now, and who is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chatsite.models import User
from conversations import queueing, watching
from conversations.heads import GONE, heads
from conversations.models import Conversation
from tests import people
from tests.chats import a_conversation, a_model, a_question

pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """An open page that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def tell(self, head: str, said: str) -> None:
        self.told.append(head)


@pytest.fixture
async def chat() -> Conversation:
    return await sync_to_async(lambda: a_conversation(people.olivia(), turns=1))()


@pytest.fixture
async def looking() -> AsyncIterator[None]:
    """The looks of a server; for a test, those at all pages may as well not come."""
    task = asyncio.create_task(watching.keep_looking())
    await asyncio.sleep(0)
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def head_of(chat: Conversation) -> str:
    asked = (chat.owner_id, chat.pk)
    return (await sync_to_async(heads)([asked]))[asked]


async def a_page_of(chat: Conversation, user_id: int | None = None) -> Page:
    page = Page()
    watching.watch(page, user_id or chat.owner_id, chat.pk, await head_of(chat))
    return page


async def told(page: Page, seconds: float) -> bool:
    end = asyncio.get_running_loop().time() + seconds
    while not page.told and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.01)
    return bool(page.told)


async def test_a_page_that_shows_what_there_is_is_told_nothing(chat: Conversation) -> None:
    page = await a_page_of(chat)
    await watching.look([chat.pk])
    assert page.told == []


async def test_a_page_is_told_the_new_head(chat: Conversation) -> None:
    page = await a_page_of(chat)
    await sync_to_async(chat.rename)("Another")
    await watching.look([chat.pk])
    assert page.told == [await head_of(chat)]


async def test_a_word_that_was_lost_is_said_again(chat: Conversation) -> None:
    page = await a_page_of(chat)
    await sync_to_async(chat.rename)("Another")
    for _ in range(2):
        await watching.look([chat.pk])
    assert len(page.told) == 2


async def test_a_page_that_does_nothing_about_it_is_told_ever_more_seldom(
    chat: Conversation,
) -> None:
    page = await a_page_of(chat)
    await sync_to_async(chat.rename)("Another")
    for _ in range(watching.THEN_EVERY):
        await watching.look([chat.pk])
    assert len(page.told) == watching.TIMES + 1


async def test_a_stranger_learns_of_a_chat_what_he_would_of_none(chat: Conversation) -> None:
    sam: User = await sync_to_async(people.sam)()
    here, nowhere, never = Page(), Page(), uuid4()
    watching.watch(here, sam.pk, chat.pk, "")
    watching.watch(nowhere, sam.pk, never, "")
    await sync_to_async(chat.rename)("Another")
    await watching.look([chat.pk, never])
    assert here.told == nowhere.told == [GONE]


async def test_a_change_is_told_at_once_to_the_other_pages(
    chat: Conversation, looking: None
) -> None:
    one, other = await a_page_of(chat), await a_page_of(chat)
    await sync_to_async(chat.rename)("Another")
    assert await told(one, 1)
    assert await told(other, 1)


async def test_for_the_one_page_that_did_it_nobody_looks(chat: Conversation, looking: None) -> None:
    page = await a_page_of(chat)
    await sync_to_async(chat.rename)("Another")
    assert not await told(page, 0.3)


async def test_a_page_is_told_of_what_it_put_in_line_and_was_sent_at_once(
    chat: Conversation, looking: None
) -> None:
    page = await a_page_of(chat)

    def ask() -> None:
        queueing.enqueue(chat.owner, a_question(a_model()), chat)

    await sync_to_async(ask)()
    assert await told(page, 1)


async def test_what_nothing_told_is_found_in_time(chat: Conversation, looking: None) -> None:
    page = await a_page_of(chat)
    # As another process does it, without Redis.
    await Conversation.objects.filter(pk=chat.pk).aupdate(title="Another")
    assert await told(page, watching.EVERY_S + 1)


async def test_a_hint_of_another_process_is_looked_after(chat: Conversation, looking: None) -> None:
    page = await a_page_of(chat)
    await Conversation.objects.filter(pk=chat.pk).aupdate(title="Another")
    watching.hear_changed({"conversation": str(chat.pk)})
    assert await told(page, 1)


async def test_who_has_left_is_told_nothing(chat: Conversation) -> None:
    page = await a_page_of(chat)
    watching.unwatch(page, chat.pk)
    await sync_to_async(chat.rename)("Another")
    await watching.look([chat.pk])
    assert page.told == []
