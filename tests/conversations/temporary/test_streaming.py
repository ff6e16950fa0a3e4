"""The response that carries an answer of a temporary chat, against a scripted service."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from conversations import sockets
from conversations.generation import unstored
from conversations.models import Conversation, Draft, Generation, Message, SearchEntry
from conversations.sockets import COME_BACK
from providers import client
from providers.models import Call, Outcome
from tests import upstream as wire
from tests.conversations.temporary.turns import (
    Begun,
    begun,
    begun_at,
    read_along,
    source_of,
    told_by,
)
from tests.extent import bound
from tests.upstream import CUT, EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await unstored.shutdown()
        await client.close()


async def first_words(asked: Begun) -> AsyncIterator[str]:
    """Read up to where the answer has begun."""
    async for line in asked.lines():
        yield line
        if "source" in line and '"source":""' not in line:
            return


async def test_it_brings_the_html_and_the_text_and_the_end(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because *of* ", "scattering."))
    told = await told_by((await begun_at(upstream.base_url)).lines())
    assert told[0]["content"] == "begun"
    assert source_of(told) == "Because *of* scattering."
    assert "<em>of</em>" in "".join(frame.get("content", "") for frame in told)
    assert 'data-state="complete"' in told[-1]["content"]


async def test_nothing_in_it_leads_to_what_is_not_stored(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because."))
    asked = await begun_at(upstream.base_url)
    told = await told_by(asked.lines())
    html = "".join(frame.get("content", "") for frame in told)
    assert 'action="/m/' not in html
    assert f"/{asked.run.order.answer_id}/" not in html


async def test_nothing_of_it_is_stored_but_its_cost(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because."))
    await told_by((await begun_at(upstream.base_url)).lines())
    for model in (Conversation, Message, Generation, Draft, SearchEntry):
        assert await model.objects.acount() == 0
    call = await Call.objects.aget()
    assert (call.outcome, call.model_name) == (Outcome.COMPLETE, "m")
    assert call.completion_tokens


async def test_an_error_is_told_in_words_with_a_way_to_try_again(upstream: Upstream) -> None:
    upstream.script(wire.error(401, "no such key"))
    end = (await told_by((await begun_at(upstream.base_url)).lines()))[-1]["content"]
    assert "The service refused the key." in end
    assert "Try again" in end
    assert (await Call.objects.aget()).error_kind == "auth"


async def test_what_came_before_a_cut_is_kept_on_the_page(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("The first half"), 0.1, CUT)
    told = await told_by((await begun_at(upstream.base_url)).lines())
    assert source_of(told) == "The first half"
    assert 'data-state="failed"' in told[-1]["content"]


async def test_text_that_turns_out_to_be_thought_is_taken_back(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Hmm, blue.</think>", "Because."))
    told = await told_by((await begun_at(upstream.base_url)).lines())
    assert source_of(told).strip() == "Because."


async def test_whoever_leaves_ends_the_answer_at_once(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("Because"), HANG)
    asked = await begun_at(upstream.base_url)
    async with read_along(first_words(asked)) as told:
        assert len([line async for line in told]) > 1
    left = time.monotonic()
    await asked.run.wait(5)
    assert time.monotonic() - left < bound(0.5)
    call = await Call.objects.aget()
    assert (call.outcome, unstored.alive()) == (Outcome.STOPPED, [])


async def test_whose_sockets_are_closed_is_told_no_more(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("Because"), HANG)
    asked = await begun_at(upstream.base_url)
    reading = asyncio.create_task(told_by(asked.lines()))
    while not sockets.admissions():
        await asyncio.sleep(0.01)
    for reader in sockets.admissions():
        await reader.close(COME_BACK)
    told = await asyncio.wait_for(reading, 5)
    assert not any("data-state" in frame.get("content", "") for frame in told)
    await asked.run.wait(5)
    assert (await Call.objects.aget()).outcome == Outcome.STOPPED


async def test_while_nothing_comes_it_says_that_somebody_is_there(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.temporary.streaming.BEAT_S", 0.05)
    upstream.script(EVENT_STREAM, 0.5, wire.chunk("Because"), wire.finish(), CUT)
    told = [line async for line in (await begun_at(upstream.base_url)).lines()]
    assert told.count("\n") >= 3


def test_one_that_nobody_came_to_read_does_not_count() -> None:
    never_read = begun("http://127.0.0.1:9/v1")
    user_id = never_read.user.pk
    assert unstored.count_of(user_id) == 1
    del never_read
    assert unstored.count_of(user_id) == 0
