"""Answers that are stored nowhere: counted, waited for, and ended with their process."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from conversations.generation import draining, unstored
from conversations.limits import NotNow, check_running
from conversations.models.generation import State
from providers import client
from providers.models import Call, Outcome
from tests import upstream as wire
from tests.conversations.temporary.turns import Begun, begun_at
from tests.upstream import CUT, EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await unstored.shutdown()
        await client.close()


async def started(upstream: Upstream) -> Begun:
    begun = await begun_at(upstream.base_url)
    unstored.start(begun.run)
    return begun


async def test_it_counts_among_the_answers_of_its_user(
    upstream: Upstream, settings: Settings
) -> None:
    settings.LIMIT_RUNS = 1
    upstream.script(EVENT_STREAM, HANG)
    begun = await started(upstream)
    with pytest.raises(NotNow, match="1 answer is being written"):
        await sync_to_async(check_running)(begun.user.pk, 0)
    begun.run.end(State.STOPPED)
    await begun.run.wait(5)
    await sync_to_async(check_running)(begun.user.pk, 0)


async def test_who_drains_waits_for_it(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, 0.3, wire.chunk("Because."), wire.finish(), CUT)
    begun = await started(upstream)
    try:
        await draining.drain(10)
    finally:
        draining.forget()
    assert begun.run.live.text == "Because."


async def test_with_its_process_it_is_interrupted(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("Because"), HANG)
    begun = await started(upstream)
    while not begun.run.live.text:
        await asyncio.sleep(0.01)
    await unstored.shutdown()
    assert begun.run.ended_answer is not None
    assert begun.run.ended_answer.generation.state == State.INTERRUPTED
    assert (await Call.objects.aget()).outcome == Outcome.INTERRUPTED


async def test_what_it_cost_is_entered_with_its_times(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, 0.1, wire.chunk("Because."), wire.finish(), CUT)
    begun = await started(upstream)
    await begun.run.wait(5)
    call = await Call.objects.aget()
    assert call.user_id == begun.user.pk
    assert 0.1 <= (call.first_token_s or 0) <= call.seconds
