"""What is saved of an answer on its way, and what happens where that fails."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from conversations.generation import store
from conversations.generation.run import Run
from conversations.models import Generation, Message
from conversations.models.generation import State
from tests.conversations.generation.begun import begun
from tests.conversations.generation.refusals import refusing

pytestmark = pytest.mark.django_db(transaction=True)
SAVING = 'UPDATE "conversations_message"'


@pytest.fixture
async def run() -> AsyncIterator[Run]:
    """It has said `so far`, and says no more."""
    async with begun("so far") as run:
        yield run


async def test_a_running_answer_is_saved_on_its_way(run: Run) -> None:
    await saved()
    assert (await Generation.objects.aget()).state == State.RUNNING


@pytest.mark.parametrize(
    "error",
    [OperationalError("disk full"), InterfaceError("connection already closed"), ValueError("x")],
    ids=repr,
)
async def test_what_failed_is_tried_again_though_no_more_text_comes(
    run: Run, error: Exception
) -> None:
    async with refusing(error, SAVING) as refusals:
        await refusals.used_up()
        await saved()


async def test_where_no_text_can_be_saved_the_run_is_still_alive(run: Run) -> None:
    async with refusing(OperationalError("disk full"), SAVING, times=1000) as refusals:
        while refusals.left > 999:
            await asyncio.sleep(0.02)
        before = await sync_to_async(store.leases)()
        await asyncio.sleep(1.5)
        assert await sync_to_async(store.leases)() != before


async def test_another_process_can_ask_a_run_to_stop(run: Run) -> None:
    await Generation.objects.all().aupdate(stop_requested_at=timezone.now())
    await run.wait(5)
    assert (await Generation.objects.aget()).state == State.STOPPED


async def test_a_run_that_was_declared_dead_stops_writing(run: Run) -> None:
    await sync_to_async(lambda: Generation.objects.all().move(State.INTERRUPTED))()
    await run.wait(5)
    assert (await Generation.objects.aget()).state == State.INTERRUPTED


async def saved() -> None:
    async with asyncio.timeout(5):
        while (await Message.objects.aget(role="assistant")).content != "so far":
            await asyncio.sleep(0.05)
