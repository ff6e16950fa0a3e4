"""SQLite with many who write, and a disk that fills up under it."""

import asyncio
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psutil
import pytest

from tests.extent import extent
from tests.faults.conftest import Single
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import places

LOAD_S = extent(300, 6)
STREAMS = 20
WRITERS = 10
FULL_S = extent(8, 3)
LONG_S = extent(30, 20)
MOST_WAL_MB = 50


async def test_streams_and_writers_never_find_it_locked(single: Single, olga: Visitor) -> None:
    people = [await _once_more(single, olga) for _ in range(WRITERS)]
    end = time.monotonic() + LOAD_S
    streams = [_keep_streaming(single, olga, end) for _ in range(STREAMS)]
    writers = [_keep_writing(single, each, end) for each in people]
    await asyncio.gather(*streams, *writers)
    log = single.site.log.read_text(encoding="utf-8")
    wal = single.folder / "chatsite.sqlite3-wal"
    assert "locked" not in log
    assert "Traceback" not in log
    assert wal.stat().st_size < MOST_WAL_MB * 1e6
    assert _integrity(single) == "ok"


async def test_a_full_disk_loses_nothing_that_was_taken_and_refuses_the_rest(
    single: Single, olga: Visitor
) -> None:
    asked = await olga.ask(single.site.url, f"{100 * FULL_S} words 5 ms apart")
    with _full_disk(single):
        await asyncio.sleep(0.5)
        assert await _status_of_asking(single, olga) >= 500
        await asyncio.sleep(FULL_S)
    assert await olga.until_ended(single.site.url, asked, 40) == "complete"
    assert places(await olga.text(single.site.url, asked)) == list(range(100 * FULL_S))
    later = await olga.ask(single.site.url, "3 words 1 ms apart")
    assert await olga.until_ended(single.site.url, later) == "complete"
    assert _integrity(single) == "ok"


@pytest.mark.thorough
async def test_an_answer_that_ends_while_the_disk_is_full_waits_for_as_long(
    single: Single, olga: Visitor
) -> None:
    asked = await olga.ask(single.site.url, "200 words 5 ms apart")
    with _full_disk(single):
        watching = asyncio.create_task(olga.watch(single.site.url, asked))
        await asyncio.sleep(LONG_S)
        assert not watching.done()
    watched = await asyncio.wait_for(watching, 15)
    assert (watched.state, len(watched.lags_ms)) == ("complete", 200)
    assert places(await olga.text(single.site.url, asked)) == list(range(200))


@contextmanager
def _full_disk(single: Single) -> Iterator[None]:
    """The site's process can write to no file. It needs no disk of its own, and the write fails
    where it would on a full one."""
    process = psutil.Process(single.site.process.pid)
    process.rlimit(psutil.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def _once_more(single: Single, olga: Visitor) -> Visitor:
    """In a session of its own: one alone is given its pages one after the other."""
    visitor = Visitor(olga.http)
    await visitor.log_in(single.site.url)
    return visitor


async def _status_of_asking(single: Single, olga: Visitor) -> int:
    form = {"text": "x" * 50_000, "model": olga.model, "send_id": str(uuid4())}
    headers = olga.headers(single.site.url)
    async with olga.http.post(f"{single.site.url}c/", data=form, headers=headers) as answer:
        return answer.status


async def _keep_streaming(single: Single, olga: Visitor, end: float) -> None:
    """Answer after answer, each watched and each whole."""
    while time.monotonic() < end:
        asked = await olga.ask(single.site.url, "200 words 10 ms apart")
        watched = await olga.watch(single.site.url, asked)
        assert watched.state == "complete"
        assert places(await olga.text(single.site.url, asked)) == list(range(200))


async def _keep_writing(single: Single, olga: Visitor, end: float) -> None:
    """What people do beside it: ask something short, rename, delete."""
    while time.monotonic() < end:
        asked = await olga.ask(single.site.url, "1 words 1 ms apart")
        await olga.until_ended(single.site.url, asked)
        await _rename(single, olga, asked)
        await olga.delete(single.site.url, asked)


async def _rename(single: Single, olga: Visitor, asked: Asked) -> None:
    address = f"{single.site.url}c/{asked.conversation}/title/"
    headers = olga.headers(single.site.url)
    async with olga.http.post(address, data={"title": "Another"}, headers=headers) as answer:
        assert answer.ok, answer.status


def _integrity(single: Single) -> str:
    with sqlite3.connect(single.folder / "chatsite.sqlite3") as database:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])
