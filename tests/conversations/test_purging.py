"""What was deleted goes for good, and nobody waits for it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import InterfaceError
from django.utils import timezone

from chatsite.models import User
from conversations.folders import delete_folder
from conversations.generation import store
from conversations.models import Conversation, Folder, Message
from conversations.models.conversation import UNDO_PERIOD
from conversations.purging import AT_ONCE, keep_purging, purge
from tests import people
from tests.chats import a_conversation
from tests.conversations.generation.refusals import refusing
from tests.library import a_preset, a_prompt


@pytest.mark.parametrize(
    ("age", "left"), [(timedelta(0), 1), (UNDO_PERIOD - timedelta(minutes=1), 1), (UNDO_PERIOD, 0)]
)
def test_a_deleted_conversation_is_kept_only_while_it_can_be_restored(
    olivia: User, age: timedelta, left: int
) -> None:
    conversation = a_conversation(olivia, turns=1)
    Conversation.objects.update(deleted_at=timezone.now() - age)
    purge()
    assert Conversation.objects.filter(pk=conversation.pk).count() == left
    assert Message.objects.count() == 2 * left


@pytest.mark.parametrize(("age", "left"), [(timedelta(0), 1), (UNDO_PERIOD, 0)])
def test_a_deleted_folder_can_come_back_for_a_day_and_its_chats_stay(
    olivia: User, age: timedelta, left: int
) -> None:
    folder = Folder.objects.create(owner=olivia, name="Work")
    a_conversation(olivia)
    Conversation.objects.update(folder=folder)
    delete_folder(olivia, folder)
    Folder.objects.update(deleted_at=timezone.now() - age)
    purge()
    assert (Folder.objects.count(), Conversation.objects.count()) == (left, 1)


@pytest.mark.parametrize("make", [a_preset, a_prompt])
def test_a_preset_or_a_prompt_is_kept_as_long(olivia: User, make: Callable[..., Any]) -> None:
    entries = [make(olivia) for _ in range(3)]
    for entry, age in zip(entries[1:], (timedelta(0), UNDO_PERIOD), strict=True):
        entry.deleted_at = timezone.now() - age
        entry.save()
    purge()
    assert set(type(entries[0]).objects.all()) == set(entries[:2])


def test_what_is_not_deleted_is_never_purged(olivia: User) -> None:
    a_conversation(olivia)
    Conversation.objects.update(updated_at=timezone.now() - timedelta(days=9000))
    purge()
    assert Conversation.objects.exists()


@pytest.mark.django_db(transaction=True)
async def test_of_many_some_go_at_a_time_and_others_write_in_between() -> None:
    await sync_to_async(_delete_long_ago)(3 * AT_ONCE)
    purging = asyncio.create_task(keep_purging())
    await asyncio.sleep(0)
    left = await store.writing(Conversation.objects.count)
    async with asyncio.timeout(5):
        while await store.reading(Conversation.objects.exists):
            await asyncio.sleep(0.01)
    purging.cancel()
    assert left >= AT_ONCE


@pytest.mark.django_db(transaction=True)
async def test_whatever_goes_wrong_it_goes_on() -> None:
    async with refusing(InterfaceError("closed"), "SELECT") as refusals:
        purging = asyncio.create_task(keep_purging())
        await refusals.used_up()
        await asyncio.sleep(0.2)
        assert not purging.done()
        purging.cancel()


def _delete_long_ago(count: int) -> None:
    olivia = people.olivia()
    for _ in range(count):
        a_conversation(olivia)
    Conversation.objects.update(deleted_at=timezone.now() - 2 * UNDO_PERIOD)
