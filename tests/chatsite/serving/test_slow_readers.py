"""Pages that have fallen asleep: they take nothing more, and must not take the server's memory."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from tests import site
from tests import upstream as wire
from tests.chatsite.serving.test_server import open_socket
from tests.member import ADA, Member
from tests.upstream import CUT, EVENT_STREAM, Received, Script, Upstream

READERS = 8
MEGABYTE = 1024 * 1024
#: Six megabytes of finished paragraphs, in Chinese: three bytes each.
PARAGRAPHS = 250
PARAGRAPH = "一" * 8000 + "\n\n"


def behave(received: Received) -> Script:
    if received.path.endswith("/models"):
        return [wire.models("m")]
    return _at_length()


def _at_length() -> Script:
    yield EVENT_STREAM
    for _ in range(PARAGRAPHS):
        yield wire.chunk(PARAGRAPH)
        yield 0.02
    yield wire.finish()
    yield CUT


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream(behave) as running:
        yield running


async def grown(data: Path, upstream: Upstream, readers: int) -> float:
    """By how many megabytes the server is larger once the answer is written."""
    variables = {**ADA, "OPENAI_BASE_URL": upstream.base_url}
    context = site.running(data, **variables)
    running = await asyncio.to_thread(context.__enter__)
    try:
        async with Member(running) as ada:
            session = ada.http.cookies["sessionid"]
            await ada.http.get("")
            server = psutil.Process(running.process.pid)
            before = server.memory_info().rss
            asked = await ada.ask("At length")
            found = re.search(r'data-id="([^"]+)"', asked.text)
            assert found
            sockets = [open_socket(running, session)[0] for _ in range(readers)]
            for connection in sockets:
                connection.sendall(_frame(f'{{"follow":"{found[1]}","cursor":""}}'))
            async with asyncio.timeout(60):
                while "aria-busy" in await ada.article(asked):
                    await asyncio.sleep(0.5)
            after = server.memory_info().rss
            for connection in sockets:
                connection.close()
            return (after - before) / MEGABYTE
    finally:
        context.__exit__(None, None, None)


async def test_who_reads_nothing_costs_no_more_than_five_megabytes(
    tmp_path: Path, upstream: Upstream
) -> None:
    alone = await grown(tmp_path / "alone", upstream, 0)
    watched = await grown(tmp_path / "watched", upstream, READERS)

    assert (watched - alone) / READERS < 5


def _frame(text: str) -> bytes:
    """A masked text frame, with a mask that changes nothing."""
    return bytes([0x81, 0x80 | len(text)]) + b"\0\0\0\0" + text.encode()
