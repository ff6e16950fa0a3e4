"""Continue, from the partial answer to the whole one, against a scripted service."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from asgiref.sync import sync_to_async

from chatsite.models import User
from conversations.continuing import GO_ON, NothingToContinue, continue_answer
from conversations.generation import hub
from conversations.generation.live import Mark
from conversations.models import Generation, Message, SearchEntry
from conversations.models.generation import State
from conversations.sending import AnswerRunning, NotTheLast, retry
from conversations.spending import spent_in
from providers import client
from providers.models import Call
from tests import people
from tests import upstream as wire
from tests.chats import a_model, asked
from tests.upstream import CUT, EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
PRICE = Decimal(1000)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await client.close()


async def stopped(upstream: Upstream) -> Message:
    """An answer that was stopped after its first half."""
    upstream.script(EVENT_STREAM, wire.chunk("The first half"), HANG)

    def ask() -> object:
        model = a_model(upstream.base_url, input_price=PRICE, output_price=PRICE)
        return asked(people.olivia(), model).order

    run = await hub.start(await sync_to_async(ask)())  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        while run.live.text != "The first half":
            await asyncio.sleep(0.01)
    await hub.stop(run.order.answer_id)
    return await stored()


async def stored() -> Message:
    found = Message.objects.filter(role="assistant")
    return await found.select_related(
        "generation", "parent", "model__provider", "conversation"
    ).aget()


async def continued(answer: Message) -> Message:
    assert answer.model is not None
    sent = await sync_to_async(continue_answer)(answer, answer.model)
    assert sent.order is not None
    run = await hub.start(sent.order)
    await run.wait()
    return await stored()


async def test_what_comes_is_put_after_what_there_was(upstream: Upstream) -> None:
    answer = await stopped(upstream)
    upstream.script(*wire.answer("and the *rest*."))
    answer = await continued(answer)
    assert answer.generation.state == State.COMPLETE
    assert answer.content == "The first half and the *rest*."
    assert answer.html == "<p>The first half and the <em>rest</em>.</p>\n"


async def test_a_continued_answer_stands_in_the_index_once_and_whole(upstream: Upstream) -> None:
    answer = await stopped(upstream)
    upstream.script(*wire.answer("and the rest"))
    answer = await continued(answer)
    entry = await SearchEntry.objects.aget(message=answer)
    assert entry.terms.startswith("and first half rest the")


async def test_the_service_is_sent_the_partial_answer_and_asked_to_go_on(
    upstream: Upstream,
) -> None:
    await continued(await stopped(upstream))
    assert upstream.journal[-1].body["messages"] == [
        {"role": "user", "content": "Why is the sky blue?"},
        {"role": "assistant", "content": "The first half"},
        {"role": "user", "content": GO_ON},
    ]


async def test_each_call_stands_in_the_ledger_and_the_answer_has_their_sum(
    upstream: Upstream,
) -> None:
    answer = await continued(await stopped(upstream))
    costs = [call.cost async for call in Call.objects.order_by("pk")]
    assert len(costs) == 2
    assert answer.generation.cost == sum(cost for cost in costs if cost)


async def test_both_calls_count_when_it_is_gone_for_good(upstream: Upstream) -> None:
    answer = await continued(await stopped(upstream))
    before = await sync_to_async(spent_in)(answer.conversation_id)
    await Message.objects.all().adelete()
    assert await sync_to_async(spent_in)(answer.conversation_id) == before


async def test_it_can_be_stopped_and_continued_again(upstream: Upstream) -> None:
    answer = await stopped(upstream)
    upstream.script(EVENT_STREAM, wire.chunk("and a bit"), CUT)
    answer = await continued(answer)
    assert (answer.generation.state, answer.content) == (State.FAILED, "The first half and a bit")
    upstream.script(*wire.answer("more"))
    assert (await continued(answer)).content == "The first half and a bit more"


async def test_a_place_in_the_first_part_is_none_in_the_second(upstream: Upstream) -> None:
    answer = await stopped(upstream)
    before = hub.lately(answer.pk)
    assert before is not None
    mark: Mark = before.live.since(None).mark
    await continued(answer)
    now = hub.lately(answer.pk)
    assert now is not None
    assert now is not before
    assert now.live.since(mark).patch.reset


async def test_of_two_at_once_one_goes_on(upstream: Upstream) -> None:
    answer = await stopped(upstream)
    again = await stored()
    assert answer.model is not None
    await sync_to_async(continue_answer)(answer, answer.model)
    with pytest.raises(AnswerRunning):
        await sync_to_async(continue_answer)(again, answer.model)
    assert await Generation.objects.running().acount() == 1


def answered(olivia: User, state: State, text: str = "some", reason: str = "stop") -> Message:
    answer = asked(olivia, a_model()).answer
    answer.keep(content=text)
    answer.generation.move(state, finish_reason=reason)
    return answer


@pytest.mark.parametrize("state", [State.STOPPED, State.INTERRUPTED, State.FAILED])
def test_what_ended_too_early_goes_on(olivia: User, state: State) -> None:
    answer = answered(olivia, state)
    assert answer.model is not None
    assert continue_answer(answer, answer.model).answer.generation.state == State.RUNNING


def test_what_came_to_its_allowed_length_goes_on(olivia: User) -> None:
    answer = answered(olivia, State.COMPLETE, reason="length")
    assert answer.model is not None
    assert continue_answer(answer, answer.model).order


@pytest.mark.parametrize(("state", "text"), [(State.COMPLETE, "whole"), (State.STOPPED, " ")])
def test_what_is_whole_or_has_no_word_does_not(olivia: User, state: State, text: str) -> None:
    answer = answered(olivia, state, text)
    assert answer.model is not None
    with pytest.raises(NothingToContinue):
        continue_answer(answer, answer.model)


def test_nor_does_an_answer_that_another_took_the_place_of(olivia: User) -> None:
    answer = answered(olivia, State.STOPPED)
    assert answer.model is not None
    other = retry(answer, answer.model).answer
    other.generation.move(State.COMPLETE)
    with pytest.raises(NotTheLast):
        continue_answer(answer, answer.model)


def test_a_run_that_was_taken_over_ends_nothing(olivia: User) -> None:
    lost = asked(olivia, a_model()).answer.generation
    Generation.objects.update(runner="another")
    assert not lost.move(State.INTERRUPTED)
