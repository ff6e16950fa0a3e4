"""Runs from the first byte to the end state, against a scripted service over real TCP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
from asgiref.sync import sync_to_async

from chatsite.models import User
from conversations.generation import hub
from conversations.generation.run import MOST_CHARACTERS, Run
from conversations.models import Conversation, Generation, Message, SearchEntry
from conversations.models.generation import State
from conversations.spending import spent_in
from providers import client
from providers.errors import ErrorKind
from providers.events import Usage, UsageReported
from providers.models import Call, Model
from tests import upstream as wire
from tests.chats import a_model, asked
from tests.conversations.generation.refusals import refusing
from tests.upstream import CUT, EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await client.close()


async def started(upstream: Upstream, model_id: str = "m") -> Run:
    def ask() -> Run:
        olivia = User.objects.create_user("olivia")
        sent = asked(olivia, a_model(upstream.base_url, model_id))
        assert sent.order is not None
        return Run(sent.order)

    return await hub.start((await sync_to_async(ask)()).order)


async def ended(upstream: Upstream) -> tuple[Message, Generation]:
    run = await started(upstream)
    assert run.task is not None
    await run.task
    return await stored()


async def stored() -> tuple[Message, Generation]:
    generation = await Generation.objects.select_related("message").aget()
    return generation.message, generation


async def test_an_answer_is_found_once_it_is_finished(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because ", "of scattering."))
    message, _generation = await ended(upstream)
    assert (await SearchEntry.objects.aget(message=message)).terms.startswith(
        "because of scattering"
    )


async def test_an_answer_that_cannot_be_entered_is_kept_all_the_same(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because ", "of scattering."))
    async with refusing(ValueError("no"), 'INSERT INTO "conversations_searchentry"', times=2):
        message, generation = await ended(upstream)
    assert (message.content, generation.state) == ("Because of scattering.", State.COMPLETE)


async def test_an_answer_is_written_down_complete(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because ", "of *scattering*."))
    message, generation = await ended(upstream)
    assert (generation.state, message.content) == (State.COMPLETE, "Because of *scattering*.")
    assert message.html == "<p>Because of <em>scattering</em>.</p>\n"


async def test_reported_tokens_are_kept(upstream: Upstream) -> None:
    _message, generation = await ended(upstream)
    assert (generation.prompt_tokens, generation.completion_tokens) == (10, 5)


async def test_the_service_is_sent_the_question(upstream: Upstream) -> None:
    await ended(upstream)
    assert upstream.journal[0].body["messages"] == [
        {"role": "user", "content": "Why is the sky blue?"}
    ]


async def test_a_stream_that_breaks_keeps_what_came(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("The first half"), CUT)
    message, generation = await ended(upstream)
    assert (generation.state, generation.error_kind) == (State.FAILED, "protocol")
    assert message.content == "The first half"


async def test_a_refused_key_is_told_as_such(upstream: Upstream) -> None:
    upstream.script(wire.error(401, "Incorrect API key provided", "invalid_api_key"))
    _message, generation = await ended(upstream)
    assert (generation.state, generation.error_kind) == (State.FAILED, "auth")


async def test_stop_keeps_the_text_and_closes_the_connection(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("so far"), HANG)
    run = await started(upstream)
    await _until(lambda: run.live.text == "so far")
    await hub.stop(run.order.answer_id)
    message, generation = await stored()
    assert (generation.state, message.content) == (State.STOPPED, "so far")
    await asyncio.wait_for(upstream.journal[0].done.wait(), 1)
    assert upstream.journal[0].disconnected


async def test_stop_before_the_first_byte_closes_the_connection(upstream: Upstream) -> None:
    upstream.script(HANG)
    run = await started(upstream)
    await _until(lambda: bool(upstream.journal))
    await hub.stop(run.order.answer_id)
    await asyncio.wait_for(upstream.journal[0].done.wait(), 1)
    assert upstream.journal[0].disconnected


async def test_stopping_twice_is_stopping_once(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("x"), HANG)
    run = await started(upstream)
    await _until(lambda: run.live.text == "x")
    await asyncio.gather(hub.stop(run.order.answer_id), hub.stop(run.order.answer_id))
    assert (await stored())[1].state == State.STOPPED


@pytest.mark.parametrize("state", [State.STOPPED, State.INTERRUPTED])
async def test_a_run_that_ends_before_its_first_step_has_its_end(
    upstream: Upstream, state: State
) -> None:
    run = await started(upstream)
    run.end(state)
    await run.wait()
    assert ((await stored())[1].state, upstream.journal) == (state, [])


async def test_shutdown_interrupts_and_keeps_the_text(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("so far"), HANG)
    run = await started(upstream)
    await _until(lambda: run.live.text == "so far")
    await hub.shutdown()
    message, generation = await stored()
    assert (generation.state, message.content) == (State.INTERRUPTED, "so far")


async def test_a_conversation_that_is_gone_ends_its_run_quietly(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("x"), HANG)
    run = await started(upstream)
    await _until(lambda: run.live.text == "x")
    await Message.objects.all().adelete()
    assert run.task is not None
    await asyncio.wait_for(asyncio.shield(run.task), 5)
    assert run.live.ended


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


async def test_each_answer_leaves_a_row_in_the_ledger(upstream: Upstream) -> None:
    upstream.script(*wire.answer("word"))
    run = await started(upstream)
    await run.wait()
    call = await Call.objects.aget()
    assert (call.user_id, call.kind, call.outcome) == (run.order.owner_id, "chat", "complete")
    assert call.first_token_s is not None


async def test_the_ledger_keeps_what_a_deleted_chat_cost(upstream: Upstream) -> None:
    upstream.script(*wire.answer("word"))
    await (await started(upstream)).wait()
    await Conversation.objects.all().adelete()
    assert await Call.objects.acount() == 1


async def test_what_an_answer_cost_counts_when_it_is_gone_for_good(upstream: Upstream) -> None:
    upstream.script(*wire.answer("word"))
    run = await started(upstream)
    await run.wait()
    chat = run.order.answer.conversation_id
    before = await sync_to_async(spent_in)(chat)
    await Message.objects.all().adelete()
    assert before.tokens
    assert await sync_to_async(spent_in)(chat) == before


async def test_a_route_that_fails_is_told_and_the_next_one_answers(upstream: Upstream) -> None:
    upstream.script(wire.error(503, "loading"))
    upstream.script(*wire.answer("word"))
    run = await started(upstream)
    await run.wait()
    generation = await Generation.objects.aget()
    assert (generation.state, generation.tried[0]["kind"]) == ("complete", "overloaded")
    assert generation.route


async def test_what_a_service_refuses_is_kept_with_the_model(upstream: Upstream) -> None:
    upstream.script(wire.error(400, "Unrecognized request argument: stream_options"))
    upstream.script(*wire.answer("word"))
    run = await started(upstream, "learns")
    await run.wait()
    assert (await Model.objects.aget()).learnt == ["no_stream_options"]
    assert run.live.text == "word"


async def test_what_a_failed_answer_says_of_the_base_url_is_kept(upstream: Upstream) -> None:
    upstream.script(wire.response(200, "text/html", b"<!doctype html><title>Relay</title>"))
    run = await started(upstream)
    assert run.task is not None
    await run.task
    _message, generation = await stored()
    assert generation.wrong_base == {"sign": "page", "suggestion": "", "is_own": False}
    assert generation.tried[0]["wrong_base"] == {"sign": "page", "suggestion": ""}


async def test_an_answer_without_end_is_ended_and_what_came_is_kept(upstream: Upstream) -> None:
    half = "word " * (MOST_CHARACTERS // 8)
    upstream.script(EVENT_STREAM, wire.chunk(half), wire.chunk(half), HANG)
    message, generation = await ended(upstream)
    assert (generation.state, generation.error_kind) == (State.FAILED, ErrorKind.PROTOCOL)
    assert message.content == half


@pytest.mark.parametrize(
    ("piece", "detail"),
    [
        (
            [{"index": n, "id": f"c{n}", "function": {"name": "f"}} for n in range(500)],
            "more than 256 tool calls",
        ),
        (
            [{"index": 0, "function": {"arguments": "x" * (MOST_CHARACTERS + 1)}}],
            "more than 2000000 characters",
        ),
    ],
    ids=["many", "long"],
)
async def test_tool_calls_without_end_are_ended(
    upstream: Upstream, piece: list[object], detail: str
) -> None:
    told = json.dumps({"choices": [{"index": 0, "delta": {"tool_calls": piece}}]})
    upstream.script(EVENT_STREAM, wire.chunk("so far"), f"data: {told}\n\n".encode(), HANG)
    message, generation = await ended(upstream)
    assert (message.content, generation.error_detail) == ("so far", detail)


async def test_images_without_end_are_ended(upstream: Upstream) -> None:
    images = [{"url": f"data:image/png;base64,{n}{'A' * 6_000_000}"} for n in range(3)]
    chunks = [json.dumps({"choices": [{"index": 0, "delta": {"images": [i]}}]}) for i in images]
    upstream.script(EVENT_STREAM, *(f"data: {told}\n\n".encode() for told in chunks), HANG)
    _message, generation = await ended(upstream)
    assert generation.error_detail == "images of more than 16000000 characters"


async def test_a_figure_that_no_column_holds_costs_no_answer(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("whole"), b"data: [DONE]\n\n")
    run = await started(upstream)
    run.take(UsageReported(Usage(2**70, 1, 2**70)))
    await run.wait()
    message, generation = await stored()
    assert (generation.state, message.content) == (State.COMPLETE, "whole")
    assert (await Call.objects.aget()).tokens_basis == "unknown"


async def test_a_model_that_is_deleted_meanwhile_costs_no_answer(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("so far"), HANG)
    run = await started(upstream)
    await _until(lambda: run.live.text == "so far")
    await Model.objects.all().adelete()
    await asyncio.wait_for(hub.stop(run.order.answer_id), 2)
    assert run.ended_answer is not None
    message, generation = await stored()
    assert (generation.state, message.content) == (State.STOPPED, "so far")


def counted(read: int, written: int) -> bytes:
    usage = {"prompt_tokens": read, "completion_tokens": written}
    return f"data: {json.dumps({'choices': [], 'usage': usage})}\n\n".encode()


async def test_what_was_counted_before_the_text_is_not_called_measured(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, counted(100, 0), wire.chunk("x" * 5000), HANG)
    run = await started(upstream)
    await _until(lambda: bool(run.live.text))
    await hub.stop(run.order.answer_id)
    call = await Call.objects.aget()
    assert (call.prompt_tokens, call.completion_tokens) == (100, 1250)
    assert call.tokens_basis == "estimated"


async def test_a_count_before_all_of_a_whole_answer_is_not_called_measured(
    upstream: Upstream,
) -> None:
    done = b"data: [DONE]\n\n"
    upstream.script(EVENT_STREAM, counted(100, 0), wire.chunk("x" * 5000), done)
    await ended(upstream)
    assert (await Call.objects.aget()).tokens_basis == "estimated"


async def test_a_count_at_the_end_covers_what_was_held_back(upstream: Upstream) -> None:
    done = b"data: [DONE]\n\n"
    upstream.script(EVENT_STREAM, wire.chunk("less <"), counted(100, 2), done)
    message, _generation = await ended(upstream)
    assert message.content == "less <"
    assert (await Call.objects.aget()).tokens_basis == "measured"


async def test_an_answer_of_tool_calls_alone_is_estimated(upstream: Upstream) -> None:
    call = {"index": 0, "id": "c", "function": {"name": "find", "arguments": "x" * 36}}
    told = json.dumps({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]})
    upstream.script(EVENT_STREAM, f"data: {told}\n\n".encode(), b"data: [DONE]\n\n")
    await ended(upstream)
    entered = await Call.objects.aget()
    assert (entered.completion_tokens, entered.tokens_basis) == (10, "estimated")


@pytest.mark.parametrize("refusal", [401, 503], ids=["refused", "tried again"])
async def test_a_call_that_nobody_answered_has_its_route(upstream: Upstream, refusal: int) -> None:
    for _ in range(3):
        upstream.script(wire.error(refusal, "no"))
    _message, generation = await ended(upstream)
    assert generation.route == ""
    assert (await Call.objects.aget()).route.startswith("Scripted, 127.0.0.1:")


async def test_a_call_that_is_stopped_before_its_answer_has_its_route(upstream: Upstream) -> None:
    upstream.script(HANG)
    run = await started(upstream)
    await _until(lambda: bool(upstream.journal))
    await hub.stop(run.order.answer_id)
    assert (await Call.objects.aget()).route.startswith("Scripted, 127.0.0.1:")
