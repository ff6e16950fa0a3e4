"""Sockets that are cut, closed with every code, or no longer read; and services that stall."""

import asyncio
import json
import socket
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest

from providers.fakeupstream.server import Upstream
from tests.faults.conftest import Single
from tests.faults.extent import extent, luck
from tests.faults.page import Page
from tests.faults.proxy import Proxy
from tests.faults.visitor import Asked, Visitor
from tests.faults.words import is_start, places

CUTS = extent(100, 10)
CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4000, 4999]
READERS = extent(50, 10)
MOST_MB_A_READER = 5


async def test_a_page_that_is_cut_off_again_and_again_has_every_word_once(
    single: Single, olga: Visitor
) -> None:
    chance, count, page = luck(), 60 * CUTS, Page()
    asked = await olga.ask(single.site.url, f"{count} words 2 ms apart")
    async with Proxy(single.site.url) as proxy:
        while page.state != "complete":
            proxy.budget = chance.randrange(1, 1500) if proxy.cuts < CUTS else 10**12
            await _follow(olga, proxy.url, asked, page)
        assert proxy.cuts == CUTS
    assert places(page.text) == list(range(count))
    assert places(await olga.text(single.site.url, asked)) == list(range(count))


async def test_whatever_code_a_page_leaves_with_it_goes_on_where_it_was(
    single: Single, olga: Visitor
) -> None:
    count, page = 100 * len(CODES), Page()
    asked = await olga.ask(single.site.url, f"{count} words 2 ms apart")
    for code in CODES:
        await _follow(olga, single.site.url, asked, page, frames=2, code=code)
    await _follow(olga, single.site.url, asked, page)
    assert places(page.text) == list(range(count))
    assert "Traceback" not in single.site.log.read_text(encoding="utf-8")


async def test_a_reader_that_stops_reading_costs_little_and_delays_nobody(
    single: Single, olga: Visitor
) -> None:
    asked = await olga.ask(single.site.url, "20000 words 0 ms apart")
    calm_ms = await _late_ms(single, olga)
    server = psutil.Process(single.site.process.pid)
    before = server.memory_info().rss
    deaf = [_deaf_reader(olga, single.site.url, asked) for _ in range(READERS)]
    late_ms = await _late_ms(single, olga)
    await olga.until_ended(single.site.url, asked, 60)
    grown_mb = (server.memory_info().rss - before) / 1e6
    for each in deaf:
        each.close()
    assert late_ms < 2 * calm_ms + 300
    assert grown_mb < MOST_MB_A_READER * READERS


async def test_leaving_is_not_stopping(single: Single, olga: Visitor) -> None:
    asked = await olga.ask(single.site.url, "200 words 5 ms apart")
    await olga.watch(single.site.url, asked, words=3)
    assert await olga.until_ended(single.site.url, asked) == "complete"
    assert places(await olga.text(single.site.url, asked)) == list(range(200))


@pytest.mark.parametrize("count", [0, 1, 50])
async def test_a_service_that_stalls_can_be_stopped_at_every_stage(
    single: Single, service: Upstream, olga: Visitor, count: int
) -> None:
    asked = await olga.ask(single.site.url, f"{count} words 1 ms apart then stall")
    await asyncio.sleep(0.5)
    await olga.stop(single.site.url, asked)
    await asyncio.wait_for(service.journal[-1].done.wait(), 1)
    assert await olga.state(single.site.url, asked) == "stopped"
    assert places(await olga.text(single.site.url, asked)) == list(range(count))


@pytest.mark.parametrize("end", ["cut", "reset"])
@pytest.mark.parametrize("count", [1, 50])
async def test_a_service_that_breaks_off_leaves_what_it_sent(
    single: Single, olga: Visitor, count: int, end: str
) -> None:
    asked = await olga.ask(single.site.url, f"{count} words 1 ms apart then {end}")
    assert await olga.until_ended(single.site.url, asked) == "failed"
    text = await olga.text(single.site.url, asked)
    assert is_start(text)
    # A reset may overtake what was sent last.
    assert len(places(text)) >= (count if end == "cut" else 0)


async def _late_ms(single: Single, olga: Visitor) -> float:
    """How late the words of another answer are now."""
    asked = await olga.ask(single.site.url, "100 words 20 ms apart")
    return (await olga.watch(single.site.url, asked)).late_ms(90)


async def _follow(
    visitor: Visitor, url: str, asked: Asked, page: Page, frames: int = 10**9, code: int = 1000
) -> None:
    """Until the answer or the connection ends, or as many frames have come."""
    try:
        async with asyncio.timeout(120), visitor.socket(url) as link:
            await link.send_str(json.dumps({"follow": asked.answer, "cursor": page.cursor}))
            async for message in link:
                page.take(message.data)
                await link.send_str(json.dumps({"ack": page.number}))
                frames -= 1
                if page.state or not frames:
                    await link.close(code=code)
    except (aiohttp.ClientError, ConnectionError):
        return


def _deaf_reader(visitor: Visitor, url: str, asked: Asked) -> socket.socket:
    """A socket with a small window that follows the answer and never reads a byte of it."""
    place = urlsplit(url)
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect((place.hostname, place.port))
    fields = {
        **visitor.headers(url),
        "Host": place.netloc,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    link.sendall(f"GET /ws/chat/ HTTP/1.1\r\n{lines}\r\n".encode())
    assert link.recv(12) == b"HTTP/1.1 101"
    body = json.dumps({"follow": asked.answer, "cursor": ""}).encode()
    # A mask of zeros leaves it as it is.
    link.sendall(bytes([0x81, 0x80 | len(body)]) + bytes(4) + body)
    return link
