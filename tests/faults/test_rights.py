"""Who may no longer come in, told at one process: the sockets at the other end in two seconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from providers.fakeupstream.server import Upstream
from tests.faults.accounts import make_account
from tests.faults.conftest import Pair
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.servers

COME_BACK, LOG_IN_AGAIN = 4000, 4401
Leave = Callable[[Pair, Visitor], Awaitable[None]]


async def log_out(pair: Pair, ada: Visitor) -> None:
    await ada.log_out(pair.first.url)


async def be_disabled(pair: Pair, ada: Visitor) -> None:
    """As by a command in a terminal: no process of the site has done it."""
    await asyncio.to_thread(_execute, pair, "UPDATE chatsite_user SET is_active = false")


async def get_another_password(pair: Pair, ada: Visitor) -> None:
    await asyncio.to_thread(_execute, pair, "UPDATE chatsite_user SET password = 'another'")


async def be_demoted(pair: Pair, ada: Visitor) -> None:
    await asyncio.to_thread(_execute, pair, "UPDATE chatsite_user SET is_staff = false")


async def _delete_account(pair: Pair, ada: Visitor, name: str) -> None:
    """In the administration, at the second process."""
    query = "SELECT id FROM chatsite_user WHERE username = %s"
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        row = connection.execute(query, [name]).fetchone()
    assert row
    address = f"{pair.second.url}admin/chatsite/user/{row[0]}/delete/"
    headers = ada.headers(pair.second.url)
    async with ada.http.post(address, data={"post": "yes"}, headers=headers) as answer:
        assert answer.ok, answer.status


def _execute(pair: Pair, statement: LiteralString) -> None:
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        connection.execute(statement)


def _are_running(pair: Pair) -> bool:
    query = "SELECT 1 FROM conversations_generation WHERE state = 'running'"
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        return connection.execute(query).fetchone() is not None


@pytest.fixture
async def as_before(pair: Pair) -> AsyncIterator[None]:
    """The user's row is afterwards what it was."""
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT password FROM chatsite_user").fetchone()
    yield
    assert row
    with psycopg.connect(pair.variables["DATABASE_URL"]) as connection:
        connection.execute(
            "UPDATE chatsite_user SET is_active = true, is_staff = true, password = %s", row
        )


@pytest.mark.parametrize("with_redis", [True, False], ids=["redis", "no redis"])
@pytest.mark.parametrize(
    "leave",
    [
        log_out,
        be_disabled,
        pytest.param(get_another_password, marks=pytest.mark.thorough),
    ],
)
async def test_a_socket_at_the_other_process_ends_in_two_seconds(
    pair: Pair, upstream: Upstream, ada: Visitor, as_before: None, leave: Leave, with_redis: bool
) -> None:
    asked = await ada.ask(pair.first.url, "150 words 20 ms apart")
    with nullcontext() if with_redis else pair.without_redis():
        # The answer of somebody who was disabled ends, too, which may be heard first.
        watching = asyncio.create_task(ada.watch(pair.second.url, asked, past_end=True))
        await asyncio.sleep(0.5)
        await leave(pair, ada)
        # From the act itself: a command takes a second to begin.
        watched = await asyncio.wait_for(watching, 2)
    assert watched.code == COME_BACK
    again = await ada.watch(pair.second.url, asked)
    assert again.code == LOG_IN_AGAIN


async def test_a_socket_of_somebody_demoted_ends_in_two_seconds(
    pair: Pair, upstream: Upstream, ada: Visitor, as_before: None
) -> None:
    asked = await ada.ask(pair.first.url, "150 words 20 ms apart")
    watching = asyncio.create_task(ada.watch(pair.second.url, asked))
    await asyncio.sleep(0.5)
    await be_demoted(pair, ada)
    watched = await asyncio.wait_for(watching, 2)
    assert (watched.code, watched.state) == (COME_BACK, "")
    assert (await ada.watch(pair.second.url, asked)).state == "complete"


@pytest.mark.thorough
@pytest.mark.parametrize("with_redis", [True, False], ids=["redis", "no redis"])
async def test_all_of_somebody_deleted_at_the_other_process_ends_in_two_seconds(
    pair: Pair, upstream: Upstream, ada: Visitor, tmp_path: Path, with_redis: bool
) -> None:
    await asyncio.to_thread(make_account, "sam", **pair.variables, DATA_DIR=str(tmp_path))
    sam = Visitor(ada.http)
    await sam.log_in(pair.first.url, "sam")
    asked = await sam.ask(pair.first.url, "3000 words 20 ms apart")
    with nullcontext() if with_redis else pair.without_redis():
        watching = asyncio.create_task(sam.watch(pair.first.url, asked, past_end=True))
        await asyncio.sleep(0.5)
        await _delete_account(pair, ada, "sam")
        watched = await asyncio.wait_for(watching, 2)
        await asyncio.wait_for(upstream.journal[-1].done.wait(), 2)
    assert watched.code == COME_BACK
    assert upstream.journal[-1].disconnected
    assert (await sam.watch(pair.first.url, asked)).code == LOG_IN_AGAIN


async def test_the_answers_of_somebody_disabled_end_in_two_seconds(
    pair: Pair, upstream: Upstream, ada: Visitor, as_before: None
) -> None:
    asked = await ada.ask(pair.first.url, "3000 words 20 ms apart")
    await ada.watch(pair.first.url, asked, words=10)
    await be_disabled(pair, ada)
    await asyncio.wait_for(upstream.journal[-1].done.wait(), 2.5)
    assert upstream.journal[-1].disconnected
    async with asyncio.timeout(2):
        while await asyncio.to_thread(_are_running, pair):
            await asyncio.sleep(0.05)
