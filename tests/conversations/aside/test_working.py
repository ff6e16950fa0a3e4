"""What a process asks beside conversations, of a service over TCP."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from prometheus_client import REGISTRY

from chatsite.models import User
from conversations import watching
from conversations.aside import working
from conversations.aside.summaries import keep_up
from conversations.generation import hub
from conversations.generation.order import Order
from conversations.models import Conversation, Generation, Message, Summary, Titling
from conversations.models.generation import State
from conversations.models.summary import SummaryState
from conversations.sending import Sent, send
from conversations.spending import spent_in
from conversations.transcript import Keep
from providers import client
from providers.models import Call, Model
from tests import people
from tests import upstream as wire
from tests.chats import a_conversation, a_model, a_question, add_turn, asked
from tests.conversations.test_watching import a_page_of, told
from tests.upstream import EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "word " * 60
PRICES = {"input_price": 1, "output_price": 1}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await client.close()


@pytest.fixture
async def at_work(upstream: Upstream) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(working.keep_working())
    await asyncio.sleep(0)
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _outgrown(base_url: str, **fields: Any) -> Sent:
    """A question to a chat whose beginning does not fit any more."""
    owner, model = people.olivia(), a_model(base_url, **fields)
    chat = a_conversation(owner)
    for number in range(4):
        leaf = add_turn(chat, f"question {number} {LONG}", f"answer {number} {LONG}")
        chat.show(leaf=leaf, model=model)
    # The scripted service counts few tokens, and by that those of the next request are corrected.
    chat.send_only(Keep.SUMMARY, 200)
    return send(owner, a_question(model, "now"), chat)


async def _ask(upstream: Upstream, **fields: Any) -> Sent:
    sent = await sync_to_async(lambda: _outgrown(upstream.base_url, **fields))()
    assert sent.order is not None
    await hub.start(sent.order)
    return sent


async def _begin(upstream: Upstream, title: str | None, *, wants: bool = True) -> Sent:
    """A first question, of somebody who wants titles or not; None is a service that refuses."""
    upstream.script(*wire.answer("Because."))
    upstream.script(*(wire.answer(title) if title else [wire.error(401, "no")]))

    def ask() -> Sent:
        olivia, model = people.olivia(), a_model(upstream.base_url, model_id="titles")
        if wants:
            Titling.objects.create(user=olivia, model=model)
        return asked(olivia, a_model(upstream.base_url))

    sent = await sync_to_async(ask)()
    assert sent.order is not None
    await hub.start(sent.order)
    return sent


async def _comes(condition: Callable[[], Awaitable[bool]], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def _is_storing() -> bool:
    waiting = REGISTRY.get_sample_value("chatsite_queue_length", {"queue": "store_write"})
    return bool(waiting)


@contextmanager
def _database_held() -> Iterator[None]:
    """No other transaction gets in."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        database.execute("BEGIN IMMEDIATE")
        yield


async def _summary(state: SummaryState = SummaryState.MADE) -> Summary:
    await _comes(Summary.objects.filter(state=state).aexists)
    return await Summary.objects.select_related("message").aget(state=state)


async def _more(sent: Sent) -> Order:
    """The order of a next question."""
    model = await Model.objects.select_related("provider").aget()
    owner = await User.objects.aget()
    more = await sync_to_async(send)(owner, a_question(model, "more"), sent.conversation)
    assert more.order is not None
    return more.order


@pytest.mark.usefixtures("at_work")
async def test_after_an_answer_what_fell_out_is_summarised(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Of course."))
    upstream.script(*wire.answer("They counted to ", "three."))
    await _ask(upstream)
    summary = await _summary()
    assert summary.text == "They counted to three."
    assert summary.message.content.startswith("answer ")
    assert "question 0" in upstream.journal[1].body["messages"][1]["content"]


@pytest.mark.usefixtures("at_work")
async def test_the_next_request_holds_the_summary(upstream: Upstream) -> None:
    for text in ("Of course.", "They counted.", "Yes."):
        upstream.script(*wire.answer(text))
    sent = await _ask(upstream)
    await _summary()
    order = await _more(sent)
    assert order.request.messages[0].text.endswith("They counted.")
    assert order.request.messages[-1].text == "more"


@pytest.mark.usefixtures("at_work")
async def test_its_call_is_in_the_ledger_and_in_the_cost_of_the_chat(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Of course."))
    upstream.script(*wire.answer("They counted."))
    sent = await _ask(upstream, **PRICES)
    await _summary()
    assert await Call.objects.filter(user_id=sent.conversation.owner_id).acount() == 2
    spent = await sync_to_async(spent_in)(sent.conversation.pk)
    assert (spent.amount, spent.tokens) == ("$0.0000300", 30)


@pytest.mark.usefixtures("at_work")
async def test_a_send_does_not_wait_for_it(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Of course."))
    upstream.script(EVENT_STREAM, wire.chunk("They"), HANG)
    upstream.script(*wire.answer("At once."))
    sent = await _ask(upstream)
    await _summary(SummaryState.MAKING)
    order = await _more(sent)
    await hub.start(order)
    await _comes(Message.objects.filter(content="At once.").aexists)
    assert order.request.messages[0].role == "user"


@pytest.mark.usefixtures("at_work")
async def test_a_refusal_is_kept_and_its_call_entered(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Of course."))
    upstream.script(wire.error(401, "no"))
    await _ask(upstream)
    assert (await _summary(SummaryState.FAILED)).error == "auth"
    await _comes(Call.objects.filter(outcome="failed", error_kind="auth").aexists)


async def test_who_has_to_end_leaves_it_to_the_next(
    upstream: Upstream, at_work: "asyncio.Task[None]"
) -> None:
    upstream.script(*wire.answer("Of course."))
    upstream.script(EVENT_STREAM, wire.chunk("They"), HANG)
    await _ask(upstream)
    await _summary(SummaryState.MAKING)
    at_work.cancel()
    assert (await _summary(SummaryState.FAILED)).error == "interrupted"
    assert await Call.objects.filter(outcome="stopped").acount() == 1


async def test_a_claim_that_is_just_being_stored_is_given_up_too(upstream: Upstream) -> None:
    chat = (await sync_to_async(_outgrown)(upstream.base_url)).question.conversation_id
    with _database_held():
        making = asyncio.create_task(keep_up(chat))
        await _comes(_is_storing)
        # Its thread has taken it up by then.
        await asyncio.sleep(0.3)
        making.cancel()
        await asyncio.sleep(0)
    assert (await _summary(SummaryState.FAILED)).error == "interrupted"


@pytest.mark.usefixtures("at_work")
async def test_it_is_also_made_where_somebody_asks_for_it(upstream: Upstream) -> None:
    upstream.script(*wire.answer("They counted."))
    sent = await sync_to_async(lambda: _outgrown(upstream.base_url))()
    await Generation.objects.aupdate(state=State.COMPLETE)
    await asyncio.to_thread(working.summarise_soon, sent.conversation.pk)
    assert (await _summary()).text == "They counted."


@pytest.mark.usefixtures("at_work")
async def test_an_open_page_is_told_of_it(upstream: Upstream) -> None:
    upstream.script(*wire.answer("They counted."))
    sent = await sync_to_async(lambda: _outgrown(upstream.base_url))()
    page = await a_page_of(sent.conversation)
    looking = asyncio.create_task(watching.keep_looking())
    await asyncio.sleep(0)
    working.summarise_soon(sent.conversation.pk)
    await _summary()
    assert await told(page, 1)
    looking.cancel()


@pytest.mark.usefixtures("at_work")
async def test_a_first_answer_brings_a_title(upstream: Upstream) -> None:
    await _begin(upstream, title="«Colour of the sky»\n")
    await _comes(Conversation.objects.filter(title="Colour of the sky").aexists)
    assert [each.body["model"] for each in upstream.journal] == ["m", "titles"]
    assert await Call.objects.acount() == 2


@pytest.mark.usefixtures("at_work")
async def test_a_title_that_fails_does_so_in_silence(upstream: Upstream) -> None:
    sent = await _begin(upstream, title=None)
    await _comes(Call.objects.filter(outcome="failed").aexists)
    chat = await Conversation.objects.aget(pk=sent.conversation.pk)
    assert chat.title == "Why is the sky blue?"


@pytest.mark.usefixtures("at_work")
async def test_who_has_not_switched_it_on_pays_for_no_title(upstream: Upstream) -> None:
    await _begin(upstream, title="Never asked", wants=False)
    await _comes(Generation.objects.filter(state=State.COMPLETE).aexists)
    await asyncio.sleep(0.2)
    assert len(upstream.journal) == 1
