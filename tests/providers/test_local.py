"""The embedded model itself: its own process, a real answer, and nothing left behind."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import psutil
import pytest
from pytest_django import Settings

from providers import client, local
from providers.errors import ErrorKind, UpstreamError
from providers.events import TextDelta
from providers.local import LocalServer
from providers.messages import ChatRequest, Message

GONE_S = 10
HELLO = ChatRequest(local.MODEL_ID, (Message("user", "Say hello."),), {"max_tokens": 8})

pytestmark = pytest.mark.local_model


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[LocalServer]:
    settings.LOCAL_MODEL = True
    server = LocalServer()
    yield server
    await server.stop()
    await client.close()


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "local_child" in " ".join(p.cmdline())]


async def test_it_answers_as_a_stream(server: LocalServer) -> None:
    async with aclosing(client.stream_chat(await server.endpoint(), HELLO)) as events:
        texts = [event.text async for event in events if isinstance(event, TextDelta)]
    assert "".join(texts).strip()


async def test_many_first_uses_at_once_start_one_process(server: LocalServer) -> None:
    endpoints = await asyncio.gather(*(server.endpoint() for _ in range(5)))
    assert len(set(map(id, endpoints))) == len(children()) == 1


async def test_after_a_stop_its_process_is_gone(server: LocalServer) -> None:
    await server.endpoint()
    (child,) = children()
    await server.stop()
    assert not child.is_running()


async def test_a_stop_while_it_starts_leaves_no_process(server: LocalServer) -> None:
    starting = asyncio.ensure_future(server.endpoint())
    await asyncio.sleep(0.3)
    await server.stop()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not children()


async def test_one_user_giving_up_does_not_end_the_start_for_the_next(server: LocalServer) -> None:
    impatient = asyncio.ensure_future(server.endpoint())
    await asyncio.sleep(0.1)
    impatient.cancel()
    assert (await server.endpoint()).key


async def test_a_process_that_died_is_started_again(server: LocalServer) -> None:
    first = await server.endpoint()
    (child,) = children()
    child.kill()
    await asyncio.to_thread(child.wait, GONE_S)
    await asyncio.sleep(0.1)  # until this loop has heard of it, too
    assert (await server.endpoint()).base_url != first.base_url


async def test_it_goes_at_once_when_told_to(server: LocalServer) -> None:
    await server.endpoint()
    (child,) = children()
    child.terminate()
    assert await asyncio.to_thread(psutil.wait_procs, [child], GONE_S) == ([child], [])


async def test_it_serves_no_one_without_the_key(server: LocalServer) -> None:
    stranger = replace(await server.endpoint(), key="guessed")
    with pytest.raises(UpstreamError) as refusal:
        async with aclosing(client.stream_chat(stranger, HELLO)) as events:
            await anext(events)
    assert refusal.value.kind == ErrorKind.AUTH


async def test_its_process_knows_none_of_the_sites_secrets(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    await server.endpoint()
    (child,) = children()
    assert "canary" not in str(child.environ())


def test_it_goes_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "chatsite.settings", "LOCAL_MODEL": "1"},
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    (child,) = psutil.Process(parent.pid).children()
    parent.kill()
    parent.wait(GONE_S)
    assert psutil.wait_procs([child], GONE_S) == ([child], [])


PARENT = """
import asyncio
from providers.local import local_endpoint

async def main():
    print((await local_endpoint()).base_url, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
