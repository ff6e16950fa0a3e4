"""The page's socket: who may follow what, from where, and how it ends."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_out
from django.utils import timezone
from pytest_django import Settings

from chatsite.models import User
from conversations import appetite, watching
from conversations.consumers import (
    LOG_IN_AGAIN,
    MESSAGES_AT_ONCE,
    MOST_FOLLOWED,
    NOT_SO,
    TOO_MUCH,
    WINDOW,
    WINDOW_BYTES,
    ChatConsumer,
)
from conversations.erasing import erase
from conversations.generation import hub
from conversations.generation.run import Run
from conversations.models import Conversation, Generation
from conversations.models.generation import State
from conversations.sockets import COME_BACK
from conversations.unseen import leave_unseen
from providers import client
from tests import people
from tests import upstream as wire
from tests.chats import a_conversation, a_model, add_turn, asked
from tests.upstream import CUT, EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_has_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appetite, "_users", OrderedDict())


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await client.close()


class Socket(WebsocketCommunicator):  # type: ignore[misc]
    def __init__(self, user: User | AnonymousUser) -> None:
        super().__init__(ChatConsumer.as_asgi(), "/ws/chat/")
        self.scope |= {"user": user, "cookies": {}, "session": {}}

    async def follow(self, answer_id: object, cursor: str = "") -> None:
        await self.send_to(text_data=json.dumps({"follow": str(answer_id), "cursor": cursor}))

    async def frame(self) -> dict[str, Any]:
        return dict(json.loads(await self.receive_from(timeout=5)))


async def connected(user: User | AnonymousUser) -> Socket:
    socket = Socket(user)
    assert (await socket.connect())[0]
    return socket


async def all_sent(socket: Socket) -> list[str]:
    """The frames under way, once there are some and no more come."""
    count, more = 0, 0
    while count == 0 or more > count:
        count = more
        await asyncio.sleep(1)
        more = socket.output_queue.qsize()
    return [await socket.receive_from() for _ in range(count)]


async def olivia_asks(upstream: Upstream) -> tuple[User, Run]:
    def ask() -> tuple[User, Run]:
        olivia = people.olivia()
        sent = asked(olivia, a_model(upstream.base_url))
        assert sent.order is not None
        return olivia, Run(sent.order)

    olivia, run = await sync_to_async(ask)()
    return olivia, await hub.start(run.order)


async def test_the_owner_sees_the_answer_and_its_end(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because."))
    olivia, run = await olivia_asks(upstream)
    socket = await connected(olivia)
    await socket.follow(run.order.answer_id)
    frames = [await socket.frame()]
    while 'data-state="complete"' not in frames[-1].get("content", ""):
        frames.append(await socket.frame())
    assert "<p>Because.</p>" in "".join(frame.get("content", "") for frame in frames)
    numbers = [frame["n"] for frame in frames if "row" not in frame]
    assert numbers == list(range(1, len(numbers) + 1))
    await socket.disconnect()


async def test_a_stranger_is_told_that_there_is_nothing(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("secret"), HANG)
    _olivia, run = await olivia_asks(upstream)
    socket = await connected(await sync_to_async(people.sam)())
    await socket.follow(run.order.answer_id)
    stranger = await socket.frame()
    await socket.follow(uuid4())
    nobody = await socket.frame()
    assert stranger["gone"] is True
    assert "This answer is gone" in stranger["content"]
    assert len(stranger["content"]) == len(nobody["content"])
    assert stranger.keys() == nobody.keys()
    await socket.disconnect()


async def test_an_answer_that_ended_here_and_was_deleted_is_gone(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because."))
    olivia, run = await olivia_asks(upstream)
    await run.wait()
    await Conversation.objects.aupdate(deleted_at=timezone.now())
    socket = await connected(olivia)
    await socket.follow(run.order.answer_id)
    assert (await socket.frame())["gone"] is True
    await socket.disconnect()


async def test_an_answer_that_is_gone_for_good_while_it_is_watched_says_so(
    upstream: Upstream,
) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("so far"), HANG)
    olivia, run = await olivia_asks(upstream)
    socket = await connected(olivia)
    await socket.follow(run.order.answer_id)
    await Conversation.objects.all().adelete()
    while "gone" not in (frame := await socket.frame()):
        pass
    assert "This answer is gone" in frame["content"]
    await socket.disconnect()


async def test_without_a_log_in_the_socket_closes_with_its_code() -> None:
    socket = await connected(AnonymousUser())
    assert (await socket.receive_output(timeout=1))["code"] == LOG_IN_AGAIN


async def test_a_cursor_gets_only_what_comes_after_it(upstream: Upstream) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("first\n\nsecond"), HANG)
    olivia, run = await olivia_asks(upstream)
    socket = await connected(olivia)
    await socket.follow(run.order.answer_id)
    cursor = ""
    while "second" not in cursor:
        frame = await socket.frame()
        cursor = frame["cursor"] if "second" not in str(frame) else f"second {frame['cursor']}"
    await socket.follow(run.order.answer_id, cursor.removeprefix("second "))
    assert await socket.receive_nothing(timeout=0.2)
    await socket.disconnect()


async def test_leaving_is_not_stopping(upstream: Upstream) -> None:
    end = (0.3, wire.chunk(" here"), wire.finish(), CUT)
    upstream.script(EVENT_STREAM, wire.chunk("still"), *end)
    olivia, run = await olivia_asks(upstream)
    socket = await connected(olivia)
    await socket.follow(run.order.answer_id)
    await socket.frame()
    await socket.disconnect()
    assert run.task is not None
    await run.task
    generation = await Generation.objects.select_related("message").aget()
    assert (generation.state, generation.message.content) == (State.COMPLETE, "still here")


async def test_a_finished_answer_is_sent_whole_with_its_end() -> None:
    def store() -> tuple[User, Any]:
        olivia = people.olivia()
        return olivia, add_turn(a_conversation(olivia), "q", "an *old* answer").pk

    olivia, answer_id = await sync_to_async(store)()
    socket = await connected(olivia)
    await socket.follow(answer_id)
    assert "<em>old</em>" in (await socket.frame())["content"]
    await socket.disconnect()


async def test_a_page_that_acknowledges_nothing_is_sent_a_window_and_no_more(
    upstream: Upstream,
) -> None:
    # Each word ends a paragraph, so that each would be a frame of its own.
    words = [step for n in range(WINDOW * 3) for step in (wire.chunk(f"w{n}\n\n"), 0.02)]
    upstream.script(EVENT_STREAM, *words, HANG)
    olivia, run = await olivia_asks(upstream)
    socket = await connected(olivia)
    await socket.follow(run.order.answer_id)
    async with asyncio.timeout(60):
        while f"w{WINDOW * 3 - 1}" not in run.live.text:
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    got = [await socket.frame() for _ in range(socket.output_queue.qsize())]
    assert len(got) <= WINDOW
    await socket.send_to(text_data=json.dumps({"ack": got[-1]["n"]}))
    assert f"w{WINDOW * 3 - 1}" in str(await socket.frame())
    await socket.disconnect()


async def test_asking_again_and_again_sends_no_more_than_a_window() -> None:
    def store() -> tuple[User, object]:
        olivia = people.olivia()
        return olivia, add_turn(a_conversation(olivia), "q", "word " * 50_000).pk

    olivia, answer_id = await sync_to_async(store)()
    socket = await connected(olivia)
    for _ in range(40):
        await socket.follow(answer_id)
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.5)
    frames = [await socket.receive_from() for _ in range(socket.output_queue.qsize())]
    assert sum(map(len, frames)) < 2 * WINDOW_BYTES
    await socket.disconnect()


async def test_a_page_that_sleeps_costs_no_more_than_five_megabytes() -> None:
    def store() -> tuple[User, list[object]]:
        olivia = people.olivia()
        conversation = a_conversation(olivia)
        # Three bytes for each of these characters, and a megabyte for each answer.
        text = "一" * 350_000
        return olivia, [add_turn(conversation, "q", text).pk for _ in range(MOST_FOLLOWED)]

    olivia, answer_ids = await sync_to_async(store)()
    socket = await connected(olivia)
    for answer_id in answer_ids:
        await socket.follow(answer_id)
    frames = await all_sent(socket)
    assert 1024 * 1024 < sum(len(frame.encode()) for frame in frames) < 5 * 1024 * 1024
    await socket.disconnect()


async def test_who_asks_too_often_is_shown_the_door_at_every_socket() -> None:
    olivia = await sync_to_async(people.olivia)()
    first, second = await connected(olivia), await connected(olivia)
    for number in range(appetite.FOLLOWS_AT_ONCE + 20):
        await (first, second)[number % 2].follow(uuid4())
    events = [await _last_event(socket) for socket in (first, second)]
    assert {"type": "websocket.close", "code": TOO_MUCH} in events
    of_sam = await connected(await sync_to_async(people.sam)())
    await of_sam.follow(uuid4())
    assert (await of_sam.frame())["gone"]


@pytest.mark.thorough
async def test_who_lets_a_long_answer_be_sent_again_and_again_is_shown_the_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(appetite, "CHARACTERS_AT_ONCE", 300_000)
    monkeypatch.setattr(appetite, "CHARACTERS_PER_S", 1.0)

    def store() -> tuple[User, object]:
        olivia = people.olivia()
        return olivia, add_turn(a_conversation(olivia), "q", "word " * 20_000).pk

    olivia, answer_id = await sync_to_async(store)()
    socket = await connected(olivia)
    for _ in range(4):
        await socket.follow(answer_id)
        await asyncio.sleep(0.5)
    assert await _last_event(socket) == {"type": "websocket.close", "code": TOO_MUCH}


async def test_who_acknowledges_what_was_not_sent_is_shown_the_door() -> None:
    socket = await connected(await sync_to_async(people.olivia)())
    await socket.send_to(text_data='{"ack":1}')
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": NOT_SO}


async def test_a_page_is_told_what_became_of_its_conversation() -> None:
    chat = await sync_to_async(lambda: a_conversation(people.olivia()))()
    socket = await connected(chat.owner)
    await socket.send_to(text_data=json.dumps({"watch": str(chat.pk), "head": "old"}))
    assert await socket.receive_nothing(timeout=0.1)
    await watching.look([chat.pk])
    assert await socket.frame() == {"changed": f"{chat.stamp}/////", "said": "old"}
    await socket.disconnect()


async def test_what_is_new_in_a_list_is_told_to_its_user_alone() -> None:
    chat = await sync_to_async(lambda: a_conversation(people.olivia()))()
    socket = await connected(chat.owner)
    stranger = await connected(await sync_to_async(people.sam)())
    await sync_to_async(chat.rename)("Another")
    assert await socket.frame() == {"row": str(chat.pk), "stamp": chat.row_stamp}
    assert await stranger.receive_nothing(timeout=0.1)
    await socket.disconnect()
    await stranger.disconnect()


async def test_the_lists_of_all_pages_are_told_that_everything_was_erased() -> None:
    chat = await sync_to_async(lambda: a_conversation(people.olivia()))()
    socket = await connected(chat.owner)
    await sync_to_async(erase)(chat.owner)
    assert await socket.frame() == {"row": "all", "stamp": "anew"}
    await socket.disconnect()


async def test_the_mark_of_an_unseen_answer_is_told_once() -> None:
    chat = await sync_to_async(lambda: a_conversation(people.olivia()))()
    socket = await connected(chat.owner)
    for _ in range(2):
        await sync_to_async(leave_unseen)(chat.pk, State.COMPLETE)
    chat.unseen = State.COMPLETE
    assert await socket.frame() == {"row": str(chat.pk), "stamp": chat.row_stamp}
    assert await socket.receive_nothing(timeout=0.1)
    await socket.disconnect()


async def test_a_page_that_has_left_is_looked_for_no_more() -> None:
    chat = await sync_to_async(lambda: a_conversation(people.olivia()))()
    socket = await connected(chat.owner)
    await socket.send_to(text_data=json.dumps({"watch": str(chat.pk), "head": "old"}))
    await socket.disconnect()
    assert not watching.is_watched(chat.pk)


async def test_a_ping_is_answered() -> None:
    socket = await connected(await sync_to_async(people.olivia)())
    await socket.send_to(text_data='{"ping":1}')
    assert await socket.frame() == {"pong": 1}
    await socket.disconnect()


async def test_who_says_too_much_is_shown_the_door() -> None:
    socket = await connected(await sync_to_async(people.olivia)())
    for _ in range(MESSAGES_AT_ONCE + 10):
        await socket.send_to(text_data='{"ack":0}')
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": TOO_MUCH}


async def test_so_many_sockets_at_once(settings: Settings) -> None:
    settings.LIMIT_SOCKETS = 1
    olivia, sam = await sync_to_async(people.olivia)(), await sync_to_async(people.sam)()
    first, second, of_sam = await connected(olivia), await connected(olivia), await connected(sam)
    assert (await second.receive_output(timeout=1))["code"] == TOO_MUCH
    assert await first.receive_nothing(timeout=0.05)
    assert await of_sam.receive_nothing(timeout=0.05)
    await first.disconnect()
    await of_sam.disconnect()


@pytest.mark.parametrize("how", ["logs out", "is disabled", "gets a new password", "is deleted"])
async def test_the_sockets_of_someone_who_may_have_to_leave_are_closed(how: str) -> None:
    olivia = await sync_to_async(people.olivia)()
    socket = await connected(olivia)
    await sync_to_async(_leave)(olivia, how)
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": COME_BACK}


async def test_a_log_in_elsewhere_closes_no_socket() -> None:
    olivia = await sync_to_async(people.olivia)()
    socket = await connected(olivia)
    await sync_to_async(olivia.save)(update_fields=["last_login"])
    assert await socket.receive_nothing(timeout=0.1)
    await socket.disconnect()


async def _last_event(socket: Socket) -> dict[str, Any]:
    """The one after which nothing comes for a while."""
    event: dict[str, Any] = {}
    while not await socket.receive_nothing(timeout=0.5):
        event = dict(await socket.receive_output(1))
    return event


def _leave(user: User, how: str) -> None:
    match how:
        case "logs out":
            user_logged_out.send(sender=User, request=None, user=user)
        case "is disabled":
            user.is_active = False
            user.save()
        case "gets a new password":
            user.set_password("another long passphrase")
            user.save()
        case "is deleted":
            user.delete()


@pytest.mark.parametrize(
    "frame",
    [
        "x",
        "5",
        "[]",
        "{}",
        '{"ack": "x"}',
        '{"follow": 1}',
        '{"follow": "x", "cursor": ""}',
        '{"watch": "x", "head": ""}',
        '{"watch": 1, "head": 2}',
        "[" * 9999,
    ],
)
async def test_nonsense_is_ignored(frame: str) -> None:
    olivia = await sync_to_async(people.olivia)()
    socket = await connected(olivia)
    await socket.send_to(text_data=frame)
    assert await socket.receive_nothing(timeout=0.05)
    await socket.disconnect()


async def test_the_end_of_an_answer_that_cost_something_brings_the_sum(upstream: Upstream) -> None:
    upstream.script(*wire.answer("Because."))
    olivia, run = await olivia_asks(upstream)
    model = run.order.answer.model
    assert model is not None
    model.input_price = model.output_price = Decimal(10)
    await run.wait()
    socket = await connected(olivia)
    await socket.follow(run.order.answer_id)
    assert 'hx-target="#spent"' in (await socket.frame())["content"]
    await socket.disconnect()
