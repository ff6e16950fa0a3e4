"""Services that mean harm: each ends in a stated time, with a clear error, in bounded memory."""

import asyncio
import base64
import json
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from providers import client
from providers.client import complete_chat, list_models, stream_chat
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.masking import masked
from providers.messages import ChatRequest, Message
from tests.extent import bound, extent
from tests.providers.hostile import (
    EVENTS,
    JSON,
    OK,
    Behaviour,
    Hostile,
    bomb,
    send,
    send_and_reset,
    send_and_wait,
    send_for_ever,
)
from tests.upstream import chunk, finish

Ask = Callable[[Endpoint], Awaitable[None]]
MEGABYTE = 1024 * 1024
MOST_MEMORY = 50 * MEGABYTE
KEY = "Zq7-kept/secret+Key=0123456789"
REQUEST = ChatRequest("m", (Message("user", "hi"),))
#: Fifty streams each.
TIMES = extent(20, 5)
SHORT = TimeLimits(connect=0.2, first_byte=0.3, idle=0.3, comments=0.6, total=3)
TEXT = b"".join(chunk("x" * 1000) for _ in range(60))
COMMENTS = b": wait\n\n" * 8000


@pytest.fixture(autouse=True)
async def connections_are_closed() -> AsyncIterator[None]:
    yield
    await client.close()


async def stream(endpoint: Endpoint) -> None:
    async for _ in stream_chat(endpoint, REQUEST):
        pass


async def whole(endpoint: Endpoint) -> None:
    await complete_chat(endpoint, REQUEST)


async def models(endpoint: Endpoint) -> None:
    await list_models(endpoint)


async def failure(ask: Ask, base_url: str, limits: TimeLimits = SHORT) -> UpstreamError:
    with pytest.raises(UpstreamError) as raised:
        await ask(Endpoint(base_url, KEY, limits=limits))
    return raised.value


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """What is done here takes these seconds at most, and MOST_MEMORY at any moment."""
    tracemalloc.start()
    began = time.perf_counter()
    yield
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < seconds
    assert peak < MOST_MEMORY


FLOODS = {
    "text": send_for_ever(EVENTS, TEXT),
    "empty_events": send_for_ever(EVENTS, b"data: {}\n\n" * 4000),
    "line": send_for_ever(EVENTS, b"data: " + b"x" * 60_000),
    "comments": send_for_ever(EVENTS, COMMENTS),
    "comment": send_for_ever(EVENTS + b": ", b"x" * 60_000),
    "blanks": send_for_ever(JSON, b" " * 60_000),
    "event": send_for_ever(EVENTS, b"data: x\n" * 8000),
    "page": send_for_ever(OK + b"\r\n<html>", b"<p>a</p>" * 8000),
    "first_line": send_for_ever(b"HTTP/1.1 200 ", b"x" * 60_000),
    "header": send_for_ever(OK + b"x: ", b"y" * 60_000),
    "huge_header": send(OK + b"x: " + b"y" * 10 * MEGABYTE + b"\r\n\r\n"),
    "headers": send(OK + b"x: y\r\n" * 100_000 + b"\r\n"),
    "headers_for_ever": send_for_ever(OK, b"x: y\r\n" * 10_000),
    "interim_responses": send_for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
    "chunk_size": send_for_ever(OK + b"transfer-encoding: chunked\r\n\r\n", b"0" * 60_000),
    "error": send_for_ever(b"HTTP/1.1 500 X\r\nconnection: close\r\n\r\n", b"x" * 60_000),
    "bomb_of_text": send(bomb(TEXT, TEXT, 1000)),
    "bomb_of_line": send(bomb(b"data: ", bytes(MEGABYTE), 100)),
    "bomb_of_line_ends": send(bomb(b"data: {}\n\n", b"\n" * MEGABYTE, 100)),
    "bomb_in_bomb": send(bomb(b"", bytes(MEGABYTE), 100, layers=2)),
    "no_gzip": send(OK + b"content-encoding: gzip\r\n\r\nnothing of that kind"),
}


@pytest.mark.parametrize("ask", [stream, whole, models])
@pytest.mark.parametrize("behave", FLOODS.values(), ids=FLOODS)
async def test_a_flood_is_ended_in_bounded_memory(behave: Behaviour, ask: Ask) -> None:
    async with Hostile(behave) as service:
        with bounded(seconds=8):
            error = await failure(ask, service.base_url)
    assert error.kind in {ErrorKind.PROTOCOL, ErrorKind.UPSTREAM, ErrorKind.TIMEOUT}


@pytest.mark.parametrize("ask", [stream, whole, models])
async def test_a_body_without_an_end_is_ended_in_bounded_memory(ask: Ask) -> None:
    async with Hostile(send_for_ever(JSON, b'[{"a": "b"},' * 5000)) as service:
        with bounded(seconds=8):
            error = await failure(ask, service.base_url)
    assert (error.kind, error.detail) == (ErrorKind.PROTOCOL, "more than 10485760 bytes")


@pytest.mark.parametrize(
    ("behave", "limit", "seconds"),
    [
        (send_and_wait(b""), "first_byte", 0.5),
        (send_and_wait(OK), "first_byte", 0.5),
        (send_and_wait(EVENTS), "first_byte", 0.5),
        (send_and_wait(EVENTS + chunk("half")), "idle", 0.3),
        (send_for_ever(EVENTS, b": wait\n\n", pause_s=0.05), "comments", 0.65),
        (send_for_ever(EVENTS, b":", pause_s=0.05), "comments", 0.65),
        (send_for_ever(EVENTS, b"\n", pause_s=0.05), "comments", 0.65),
        (send_for_ever(EVENTS, b"x", pause_s=0.05), "total", 3),
        (send_for_ever(EVENTS, chunk("word"), pause_s=0.05), "total", 3),
    ],
    ids=[
        *("nothing", "half_a_head", "head_only", "stall", "comments", "comment_by_bytes"),
        *("blanks", "bytes", "words"),
    ],
)
async def test_every_wait_has_its_limit(behave: Behaviour, limit: str, seconds: float) -> None:
    async with Hostile(behave) as service:
        began = time.perf_counter()
        error = await failure(stream, service.base_url)
    assert (error.kind, error.detail) == (ErrorKind.TIMEOUT, f"limit: {limit}")
    assert seconds - 0.05 < time.perf_counter() - began < seconds + 0.5


SAYINGS = {
    "whole": KEY,
    "in_parts": f"{KEY[:12]}...{KEY[-10:]}",
    "for_urls": quote(KEY, safe=""),
    "base64": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
}


@pytest.mark.parametrize("ask", [stream, whole, models])
@pytest.mark.parametrize("said", SAYINGS.values(), ids=SAYINGS)
async def test_an_error_that_repeats_the_key_is_told_without_it(said: str, ask: Ask) -> None:
    body = json.dumps({"error": {"message": f"Wrong key: {said}"}}).encode()
    async with Hostile(send(b"HTTP/1.1 401 X\r\n\r\n" + body)) as service:
        error = await failure(ask, service.base_url)
    assert error.kind == ErrorKind.AUTH
    assert said not in error.detail
    assert masked(error.detail, KEY) == error.detail


async def test_comments_between_words_are_no_lull() -> None:
    speaking = b"".join([COMMENTS, chunk("a"), COMMENTS])
    async with Hostile(send_for_ever(EVENTS, speaking, pause_s=0.05)) as service:
        error = await failure(stream, service.base_url)
    assert error.detail == "limit: total"


async def test_what_is_compressed_honestly_is_read() -> None:
    words = b"".join([*[chunk("word ")] * 2000, finish()])
    async with Hostile(send(bomb(words))) as service:
        await stream(Endpoint(service.base_url, limits=SHORT))
    assert service.accepted == 1


@pytest.mark.parametrize(
    ("sent", "kind"),
    [(b"", ErrorKind.PROTOCOL), (EVENTS + chunk("half"), ErrorKind.PROTOCOL)],
    ids=["before", "within"],
)
async def test_a_reset_is_a_broken_answer(sent: bytes, kind: ErrorKind) -> None:
    async with Hostile(send_and_reset(sent)) as service:
        assert (await failure(stream, service.base_url)).kind == kind


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (send(b"HTTP/1.1 400 X\r\n\r\n"), ErrorKind.UNREACHABLE),
        (send_and_wait(b""), ErrorKind.TIMEOUT),
    ],
    ids=["answered", "ignored"],
)
async def test_tls_to_a_plain_port_ends_within_the_limit_of_connecting(
    behave: Behaviour, kind: ErrorKind
) -> None:
    async with Hostile(behave, reads=False) as service:
        began = time.perf_counter()
        error = await failure(stream, service.base_url.replace("http:", "https:"))
    assert error.kind == kind
    assert time.perf_counter() - began < bound(0.5)


async def test_a_service_that_reads_nothing_is_left_in_time() -> None:
    request = ChatRequest("m", (Message("user", "x" * 20 * MEGABYTE),))
    async with Hostile(send_and_wait(EVENTS), reads=False, listens=False) as service:
        began = time.perf_counter()
        with pytest.raises(UpstreamError, match="first_byte"):
            await complete_chat(Endpoint(service.base_url, KEY, limits=SHORT), request)
    assert time.perf_counter() - began < bound(1.5)


async def test_very_many_cancelled_streams_leave_nothing_behind() -> None:
    async with Hostile(send_for_ever(EVENTS, chunk("word"), pause_s=0.01)) as service:
        await _cancelled(service, 50)
        before = _held()
        began = time.perf_counter()
        for _ in range(TIMES):
            await _cancelled(service, 50)
        assert time.perf_counter() - began < bound(TIMES)
        assert service.open == 0
        assert service.accepted > 25 * TIMES
        assert _held() == before


async def _cancelled(service: Hostile, count: int) -> None:
    """Streams ended at as many different moments, from before the first byte to amid the words."""
    endpoint = Endpoint(service.base_url, KEY)
    tasks = [asyncio.ensure_future(stream(endpoint)) for _ in range(count)]
    for number, task in enumerate(tasks):
        await asyncio.sleep(0 if number % 5 else 0.02)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5):
        while service.open:
            await asyncio.sleep(0.01)


def _held() -> tuple[int, int]:
    """The tasks and the open files of this process."""
    return len(asyncio.all_tasks()), len(list(Path("/dev/fd").iterdir()))
