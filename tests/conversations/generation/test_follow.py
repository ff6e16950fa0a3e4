"""What is watched to its end, also where those who write it change."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async

from conversations.generation import hub
from conversations.generation.follow import follow
from conversations.generation.live import Update
from conversations.generation.run import Run
from conversations.models import Generation, Message
from conversations.models.generation import State
from tests.conversations.generation.begun import begun
from tests.conversations.generation.refusals import refusing

pytestmark = pytest.mark.django_db(transaction=True)
ENDING = 'UPDATE "conversations_generation" SET "state"'


@pytest.fixture
async def run() -> AsyncIterator[Run]:
    """Its service says no more than `said here`."""
    async with begun("said here") as run:
        yield run


async def test_an_answer_that_another_process_took_is_followed_there(run: Run) -> None:
    watching = asyncio.create_task(watched(run))
    await Generation.objects.aupdate(runner="another")
    await run.wait(5)
    await said_elsewhere("said there", State.COMPLETE)
    last = (await asyncio.wait_for(watching, 5))[-1]
    assert last.stored
    assert (last.stored.generation.state, last.stored.content) == ("complete", "said there")
    assert "said there" in last.patch.frozen


async def test_a_run_that_is_lost_is_watched_until_somebody_has_ended_it(run: Run) -> None:
    watching = asyncio.create_task(watched(run))
    async with refusing(ValueError("no"), ENDING, times=2):
        run.end(State.STOPPED)
        await run.wait(5)
    assert run.is_lost
    await asyncio.sleep(0.1)
    await said_elsewhere("said", State.INTERRUPTED)
    updates = await asyncio.wait_for(watching, 5)
    assert [update.stored.generation.state for update in updates if update.stored] == [
        "interrupted"
    ]


async def test_what_another_process_goes_on_with_is_not_watched_to_its_first_end(run: Run) -> None:
    await hub.stop(run.order.answer_id)
    generation = await Generation.objects.aget()
    await sync_to_async(generation.resume)("another")
    watching = asyncio.create_task(watched(run))
    await asyncio.sleep(0.3)
    assert not watching.done()
    await said_elsewhere("said here and there", State.COMPLETE)
    assert "said here and there" in (await asyncio.wait_for(watching, 5))[-1].patch.frozen


async def test_an_end_that_still_holds_is_not_read_from_its_row(run: Run) -> None:
    await hub.stop(run.order.answer_id)
    async with refusing(ValueError("not to be read"), 'SELECT "conversations_message"'):
        [update] = await watched(run)
    assert update.stored is run.ended_answer


async def test_a_row_that_cannot_be_read_is_read_again(run: Run) -> None:
    await hub.stop(run.order.answer_id)
    await Generation.objects.aupdate(ended_at=None)
    async with refusing(ValueError("no"), 'SELECT "conversations_message"') as refusals:
        updates = await asyncio.wait_for(watched(run), 5)
    assert refusals.left == 0
    assert [update.ended for update in updates] == [True]


async def test_the_end_of_what_is_gone_says_so(run: Run) -> None:
    watching = asyncio.create_task(watched(run))
    await Message.objects.all().adelete()
    assert (await asyncio.wait_for(watching, 8))[-1].stored is None


async def watched(run: Run) -> list[Update]:
    return [update async for update in follow(run.order.answer_id, None)]


async def said_elsewhere(text: str, state: State) -> None:
    await Message.objects.filter(role="assistant").aupdate(content=text)
    await sync_to_async(Generation.objects.all().move)(state)
