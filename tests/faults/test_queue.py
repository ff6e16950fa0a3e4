"""Messages that wait while processes are killed: none is lost, none is sent twice."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.extent import extent, luck
from tests.faults.conftest import variables_for
from tests.faults.servers import free_port
from tests.faults.visitor import Visitor
from tests.faults.words import words
from tests.site import Site

KILLS = extent(20, 3)
WAITING = 3

ROWS = """SELECT content FROM conversations_message WHERE role = 'user'
UNION ALL SELECT text FROM conversations_queuedmessage"""


@pytest.mark.thorough
async def test_whenever_a_process_is_killed_each_message_is_there_once(tmp_path: Path) -> None:
    chance, port, sent = luck(), free_port(), list[str]()
    texts = (f"{number} words 5 ms apart" for number in count(20))
    async with (
        Upstream(words, port),
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        visitor = Visitor(http)
        for _ in range(KILLS):
            async with site.in_thread(site.running(tmp_path, **variables_for(port))) as running:
                await visitor.log_in(running.url)
                sent += await _ask(visitor, running, texts)
                # It falls anywhere: also between an end and the next send.
                await asyncio.sleep(chance.uniform(0, 1.2))
                running.process.kill()
                await asyncio.to_thread(running.process.wait)
    with closing(sqlite3.connect(tmp_path / "chatsite.sqlite3")) as database:
        assert Counter(text for (text,) in database.execute(ROWS)) == Counter(sent)


async def _ask(visitor: Visitor, running: Site, texts: Iterator[str]) -> list[str]:
    """One question, and some that wait for its answer."""
    first, *others = (next(texts) for _ in range(1 + WAITING))
    asked = await visitor.ask(running.url, first)
    address = f"{running.url}c/{asked.conversation}/queue/"
    headers = visitor.headers(running.url)
    for text in others:
        form = {"text": text, "model": visitor.model, "send_id": str(uuid4())}
        async with visitor.http.post(address, data=form, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
    return [first, *others]
