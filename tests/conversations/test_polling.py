"""The way without a websocket, through the whole application: who is told what, and when."""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings as configured
from django.contrib.auth.signals import user_logged_out
from django.test import Client
from pytest_django import Settings

from chatsite.asgi import application
from chatsite.models import User
from conversations import appetite, polling, sockets, watching
from conversations.generation import hub
from conversations.generation.run import Run
from providers import client as upstream_client
from tests import upstream as wire
from tests.chats import a_conversation, a_model, add_turn, asked
from tests.upstream import EVENT_STREAM, HANG, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_has_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appetite, "_users", OrderedDict())


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await hub.shutdown()
        await upstream_client.close()


class Poll:
    """One question over HTTP, through the whole application."""

    def __init__(self, client: Client, origin: str = "http://localhost") -> None:
        session = client.cookies.get(configured.SESSION_COOKIE_NAME)
        headers = [
            (b"host", b"localhost"),
            (b"origin", origin.encode()),
            (b"cookie", f"sessionid={session.value if session else ''}".encode()),
        ]
        place = {"type": "http", "method": "POST", "path": "/updates/", "query_string": b""}
        scope = {**place, "headers": headers}
        self._wire: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]

    async def ask(self, body: bytes) -> None:
        await self._wire.send_input({"type": "http.request", "body": body})

    async def leave(self) -> None:
        await self._wire.send_input({"type": "http.disconnect"})
        await self._wire.wait(1)

    async def answer(self) -> tuple[int, list[dict[str, Any]]]:
        """The status and the frames."""
        start, end = await self._wire.receive_output(5), await self._wire.receive_output(5)
        return start["status"], [json.loads(line) for line in end["body"].splitlines()]


async def told(
    client: Client, follows: object, origin: str = "http://localhost"
) -> tuple[int, list[dict[str, Any]]]:
    poll = Poll(client, origin)
    await poll.ask(follows if isinstance(follows, bytes) else json.dumps(follows).encode())
    return await poll.answer()


async def olivia_asks(olivia: User, upstream: Upstream) -> Run:
    sent = await sync_to_async(lambda: asked(olivia, a_model(upstream.base_url)))()
    assert sent.order is not None
    return await hub.start(sent.order)


async def test_it_tells_what_there_is_and_then_what_comes_after(
    as_olivia: Client, olivia: User, upstream: Upstream
) -> None:
    upstream.script(EVENT_STREAM, wire.chunk("alpha "), 1.0, wire.chunk("two"), HANG)
    run = await olivia_asks(olivia, upstream)
    answer_id = str(run.order.answer_id)
    text, cursor = "", ""
    while "two" not in text:
        _status, frames = await told(as_olivia, {answer_id: cursor})
        text += "".join(frame.get("content", "") + frame.get("text", "") for frame in frames)
        cursor = frames[-1]["cursor"]
    assert text.count("alpha") == 1


async def test_the_end_comes_with_the_foot(as_olivia: Client, olivia: User) -> None:
    conversation = await sync_to_async(a_conversation)(olivia)
    answer = await sync_to_async(add_turn)(conversation, "q", "an *old* answer")
    _status, [frame] = await told(as_olivia, {str(answer.pk): ""})
    assert "<em>old</em>" in frame["content"]
    assert 'data-state="complete"' in frame["content"]


async def test_a_stranger_is_told_that_there_is_nothing(as_sam: Client, olivia: User) -> None:
    conversation = await sync_to_async(a_conversation)(olivia)
    answer = await sync_to_async(add_turn)(conversation, "q", "secret")
    status, [frame] = await told(as_sam, {str(answer.pk): ""})
    assert (status, frame["gone"]) == (200, True)
    assert "secret" not in frame["content"]


async def test_nobody_is_told_to_log_in(client: Client) -> None:
    assert await told(client, {}) == (401, [])


async def test_another_site_is_refused(as_olivia: Client) -> None:
    assert await told(as_olivia, {}, "http://evil.example") == (403, [])


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"x": ""}', b"{" * 9999, b"\xff", b'{"a":1}', b'{"watch":[1]}']
)
async def test_nonsense_is_refused(as_olivia: Client, body: bytes) -> None:
    assert (await told(as_olivia, body))[0] == 400


async def test_it_tells_what_became_of_the_conversation(as_olivia: Client, olivia: User) -> None:
    chat = await sync_to_async(a_conversation)(olivia)
    poll = Poll(as_olivia)
    await poll.ask(json.dumps({"watch": [str(chat.pk), "old"]}).encode())
    async with asyncio.timeout(5):
        while not watching.is_watched(chat.pk):
            await asyncio.sleep(0.01)
    await watching.look([chat.pk])
    assert await poll.answer() == (200, [{"changed": f"{chat.stamp}/////", "said": "old"}])
    assert not watching.is_watched(chat.pk)


async def test_where_nothing_comes_it_ends_in_time(
    as_olivia: Client, olivia: User, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "WAIT_S", 0.2)
    run, poll = await silent(as_olivia, olivia, upstream)
    began = time.monotonic()
    assert await poll.answer() == (200, [])
    assert time.monotonic() - began < 2
    assert sockets.count(run.order.owner_id) == 0


async def test_logging_out_ends_what_waits(
    as_olivia: Client, olivia: User, upstream: Upstream
) -> None:
    _run, poll = await silent(as_olivia, olivia, upstream)
    await sync_to_async(user_logged_out.send)(sender=User, request=None, user=olivia)
    assert await poll.answer() == (200, [])


async def test_leaving_ends_what_waits(as_olivia: Client, olivia: User, upstream: Upstream) -> None:
    run, poll = await silent(as_olivia, olivia, upstream)
    await poll.leave()
    assert sockets.count(run.order.owner_id) == 0


async def test_it_counts_as_a_socket(
    as_olivia: Client, olivia: User, upstream: Upstream, settings: Settings
) -> None:
    settings.LIMIT_SOCKETS = 1
    run, poll = await silent(as_olivia, olivia, upstream)
    assert (await told(as_olivia, {str(run.order.answer_id): ""}))[0] == 429
    await poll.leave()


async def test_more_than_a_page_has_to_ask_is_not_even_parsed(as_olivia: Client) -> None:
    assert await told(as_olivia, b'{"a":"' + b"1" * polling.MOST_BYTES) == (413, [])


async def test_of_nobody_nothing_is_parsed(client: Client) -> None:
    assert await told(client, b"{" * 10) == (401, [])


async def test_sockets_and_questions_share_an_allowance(
    as_olivia: Client, olivia: User, as_sam: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "REFUSAL_S", 0.2)
    while appetite.may_ask(olivia.pk, polling.MOST_FOLLOWED):
        pass
    began = time.monotonic()
    follows = {str(uuid4()): "" for _ in range(polling.MOST_FOLLOWED)}
    assert await told(as_olivia, follows) == (429, [])
    assert time.monotonic() - began >= 0.2
    assert (await told(as_sam, follows))[0] == 200


async def test_however_many_are_asked_about_one_query_finds_who_may(
    as_olivia: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    # With it, each query is logged, in whichever thread.
    settings.DEBUG = True
    caplog.set_level(logging.DEBUG, "django.db.backends")
    follows = {str(uuid4()): "" for _ in range(polling.MOST_FOLLOWED)}
    assert (await told(as_olivia, follows))[0] == 200
    queries = [record.getMessage() for record in caplog.records]
    assert len([each for each in queries if "conversations_message" in each]) == 1


async def silent(client: Client, olivia: User, upstream: Upstream) -> tuple[Run, Poll]:
    """A question about an answer of which there is no more than its page has."""
    upstream.script(EVENT_STREAM, HANG)
    run = await olivia_asks(olivia, upstream)
    _status, [frame] = await told(client, {str(run.order.answer_id): ""})
    body = json.dumps({str(run.order.answer_id): frame["cursor"]}).encode()
    poll = Poll(client)
    await poll.ask(body)
    async with asyncio.timeout(5):
        while sockets.count(run.order.owner_id) == 0:
            await asyncio.sleep(0.01)
    return run, poll
