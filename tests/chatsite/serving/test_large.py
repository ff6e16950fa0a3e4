"""What is larger than all else: files that come in, and downloads. Neither is ever in memory."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator

import httpx
import psutil
import pytest
import pytest_asyncio

from conversations.importing.ticket import REFUSED
from tests import site
from tests.conversations.importing.files import openai
from tests.member import ADA, Member

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[site.Site]:
    with site.running(tmp_path_factory.mktemp("data"), **ADA) as running:
        yield running


@pytest_asyncio.fixture
async def ada(running: site.Site) -> AsyncIterator[Member]:
    async with Member(running) as member:
        yield member


def memory(running: site.Site) -> int:
    return int(psutil.Process(running.process.pid).memory_info().rss)


async def sent(member: Member, content: bytes, address: str = "") -> httpx.Response:
    page = (await member.http.get("data/")).text
    found = re.search(r'action="(/data/import/[^"]+)"', page)
    token = re.search(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', page)
    assert found
    assert token
    fields = {"csrfmiddlewaretoken": token[1]}
    file = {"file": ("chats.json", content)}
    return await member.http.post(address or found[1], data=fields, files=file)


async def done(member: Member, started: httpx.Response) -> None:
    async with asyncio.timeout(60):
        while 'data-state="done"' not in (await member.http.get(started.headers["Location"])).text:
            await asyncio.sleep(0.2)


async def test_a_large_file_goes_to_the_disk(running: site.Site, ada: Member) -> None:
    before = memory(running)
    response = await sent(ada, b"[" + b" " * (100 * MEGABYTE) + b"]")
    assert response.status_code == 302
    assert memory(running) - before < 20 * MEGABYTE


async def test_one_over_the_limit_is_refused_on_a_page(ada: Member) -> None:
    response = await sent(ada, b" " * (201 * MEGABYTE))
    assert (response.status_code, response.headers["Location"]) == (303, REFUSED)
    assert "larger than 200 MB" in (await ada.http.get(REFUSED)).text


async def test_an_address_that_nobody_was_given_takes_no_more_than_any_other(ada: Member) -> None:
    response = await sent(ada, b" " * (2 * MEGABYTE), "data/import/1:abc:def/")
    assert (response.status_code, response.headers["Location"]) == (303, REFUSED)


@pytest.mark.thorough
async def test_a_download_waits_for_its_reader(running: site.Site, ada: Member) -> None:
    texts = [f"{number}" + "long " * 150_000 for number in range(40)]
    await done(ada, await sent(ada, json.dumps(openai(*texts)).encode()))
    before = memory(running)
    async with ada.http.stream("GET", "data/export/json/") as response:
        await asyncio.sleep(3)
        assert memory(running) - before < 20 * MEGABYTE
        text = b"".join([part async for part in response.aiter_bytes()])
    [chat] = json.loads(text)["conversations"]
    assert [row["text"] for row in chat["messages"]] == texts
