"""Sockets that are cut, closed with every code, or no longer read; and services that stall."""

import asyncio
import json
import socket
import time
from urllib.parse import urlsplit

import psutil
import pytest

from providers.fakeupstream.server import Upstream
from tests.extent import extent, luck
from tests.faults.conftest import Single
from tests.faults.page import Page, follow
from tests.faults.proxy import Proxy
from tests.faults.visitor import Asked, Visitor, Watched
from tests.faults.words import is_start, places

CUTS = extent(100, 10)
CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4000, 4999]
# Longer than a server waits for the answer to a ping.
SLEEP_S = extent(70, 3)
QUARTER = extent(2000, 150)
# All of one user, who may not ask for much more: sixteen took all that one is shown at once.
READERS = extent(12, 10)
COMING_BACK = extent(500, 200)
MOST_MB_A_READER = 5
# Within what may be under way.
UNDER_WAY = 10
SENT_BY_THEN_S = 2.5
# Without a bound, each would be sent so many times half a megabyte.
ASKED_AGAIN = 14


async def test_a_page_that_is_cut_off_again_and_again_has_every_word_once(
    single: Single, olga: Visitor
) -> None:
    chance, count, page = luck(), 60 * CUTS, Page()
    asked = await olga.ask(single.site.url, f"{count} words 2 ms apart")
    async with Proxy(single.site.url) as proxy:
        while page.state != "complete":
            proxy.budget = chance.randrange(1, 1500) if proxy.cuts < CUTS else 10**12
            await follow(olga, proxy.url, asked, page)
        # One more where a handshake that was cut was made again underneath.
        assert proxy.cuts >= CUTS
    assert places(page.text) == list(range(count))
    assert places(await olga.text(single.site.url, asked)) == list(range(count))


async def test_whatever_code_a_page_leaves_with_it_goes_on_where_it_was(
    single: Single, olga: Visitor
) -> None:
    count, page = 100 * len(CODES), Page()
    asked = await olga.ask(single.site.url, f"{count} words 2 ms apart")
    for code in CODES:
        await follow(olga, single.site.url, asked, page, frames=2, code=code)
    await follow(olga, single.site.url, asked, page)
    assert places(page.text) == list(range(count))
    assert "Traceback" not in single.site.log.read_text(encoding="utf-8")


@pytest.mark.thorough
async def test_a_page_that_sleeps_for_long_has_every_word_once(
    single: Single, olga: Visitor
) -> None:
    count, page = 25 * (SLEEP_S + 4), Page()
    asked = await olga.ask(single.site.url, f"{count} words 40 ms apart")
    async with Proxy(single.site.url) as proxy:
        following = asyncio.create_task(_follow_to_the_end(olga, proxy.url, asked, page))
        await asyncio.sleep(1)
        async with proxy.asleep():
            await asyncio.sleep(SLEEP_S)
        await asyncio.wait_for(following, 60)
    assert (page.state, places(page.text)) == ("complete", list(range(count)))


@pytest.mark.thorough
async def test_a_reader_that_stops_reading_costs_little_and_delays_nobody(
    single: Single, olga: Visitor
) -> None:
    asked = await olga.ask(single.site.url, "20000 words 0 ms apart")
    await olga.until_ended(single.site.url, asked, 60)
    calm_ms = await _late_ms(single, olga)
    server = psutil.Process(single.site.process.pid)
    before = server.memory_info().rss
    deaf = [DeafReader(olga, single.site.url) for _ in range(READERS)]
    for _ in range(ASKED_AGAIN):
        for each in deaf:
            each.follow(asked)
        await asyncio.sleep(0.1)
    late_ms = await _late_ms(single, olga)
    grown_mb = (server.memory_info().rss - before) / 1e6
    assert all([await each.is_open() for each in deaf])
    for each in deaf:
        each.close()
    assert late_ms < max(250, 2 * calm_ms)
    assert grown_mb < MOST_MB_A_READER * READERS


@pytest.mark.thorough
async def test_a_reader_that_says_it_got_what_it_never_read_is_dropped(
    single: Single, olga: Visitor
) -> None:
    asked = await olga.ask(single.site.url, "20000 words 0 ms apart")
    await olga.until_ended(single.site.url, asked, 60)
    server = psutil.Process(single.site.process.pid)
    before = server.memory_info().rss
    liar, asked_at, told = DeafReader(olga, single.site.url), list[float](), 0
    async with asyncio.timeout(90):
        while await liar.is_open():
            # A frame at least is sent for each time that it is asked, but not at once; what was
            # not sent yet must not be acknowledged.
            told = sum(at < time.monotonic() - SENT_BY_THEN_S for at in asked_at)
            liar.say({"ack": told})
            if len(asked_at) - told < UNDER_WAY:
                asked_at.append(time.monotonic())
                liar.follow(asked)
    assert (server.memory_info().rss - before) / 1e6 < 4 * MOST_MB_A_READER
    assert "whose reader does not read" in single.site.log.read_text(encoding="utf-8")


@pytest.mark.thorough
async def test_all_that_come_back_are_let_in_and_delay_nobody(
    single: Single, olga: Visitor
) -> None:
    chance = luck()
    calm_ms = await _late_ms(single, olga)
    # As pages do, see waiting.js.
    waits = [chance.uniform(0.2, 4) for _ in range(COMING_BACK)]
    coming = asyncio.gather(*(_come_back(olga, single.site.url, wait) for wait in waits))
    late_ms = await _late_ms(single, olga)
    await asyncio.wait_for(coming, 15)
    assert late_ms < max(300, 2 * calm_ms)


async def test_leaving_is_not_stopping(single: Single, olga: Visitor) -> None:
    asked = await olga.ask(single.site.url, "200 words 5 ms apart")
    await olga.watch(single.site.url, asked, words=3)
    assert await olga.until_ended(single.site.url, asked) == "complete"
    assert places(await olga.text(single.site.url, asked)) == list(range(200))


async def test_the_second_half_of_an_answer_costs_as_much_as_the_first(
    single: Single, olga: Visitor
) -> None:
    asked = await olga.ask(single.site.url, f"{4 * QUARTER} words 5 ms apart")
    marks = await _costs(single, olga, asked)
    (first_bytes, first_s), (second_bytes, second_s) = (
        (marks[at + 2][0] - marks[at][0], marks[at + 2][1] - marks[at][1]) for at in (0, 2)
    )
    size = len(await olga.text(single.site.url, asked))
    print(f"bytes {first_bytes} {second_bytes}, {first_s:.2f} s {second_s:.2f} s")  # noqa: T201
    assert second_bytes < 1.2 * first_bytes
    assert marks[-1][0] < 4 * size
    # A tenth of a second is what the machine does besides.
    assert second_s < 1.5 * first_s + 0.1


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


async def _come_back(visitor: Visitor, url: str, wait: float) -> None:
    """Until the socket has answered."""
    await asyncio.sleep(wait)
    async with visitor.socket(url) as link:
        await link.send_str('{"ping":1}')
        # What is new in the list may come before it.
        while await link.receive_str() != '{"pong":1}':
            pass


async def _follow_to_the_end(visitor: Visitor, url: str, asked: Asked, page: Page) -> None:
    """From where it was, each time that it is cut."""
    while not page.state:
        await follow(visitor, url, asked, page)


async def _costs(single: Single, visitor: Visitor, asked: Asked) -> list[tuple[int, float]]:
    """The bytes and the seconds of CPU so far: at the first word, and after each quarter."""
    server, watched, size = psutil.Process(single.site.process.pid), Watched(), 0
    marks: list[tuple[int, float]] = []
    async with visitor.socket(single.site.url) as link:
        await link.send_str(json.dumps({"follow": asked.answer, "cursor": ""}))
        async for message in link:
            watched.take(message.data)
            size += len(message.data)
            await link.send_str(json.dumps({"ack": watched.frames}))
            if len(watched.lags_ms) > 0.95 * QUARTER * len(marks):
                marks.append((size, sum(server.cpu_times()[:2])))
            if watched.state:
                return marks
    return marks


async def _late_ms(single: Single, olga: Visitor) -> float:
    """How late the words of another answer are now."""
    asked = await olga.ask(single.site.url, "100 words 20 ms apart")
    return (await olga.watch(single.site.url, asked)).late_ms(90)


class DeafReader:
    """A socket with a small window that says much and never reads a byte."""

    def __init__(self, visitor: Visitor, url: str) -> None:
        place = urlsplit(url)
        self._link, self._is_cut = socket.socket(), False
        self._link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._link.connect((place.hostname, place.port))
        fields = {
            **visitor.headers(url),
            "Host": place.netloc,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._link.sendall(f"GET /ws/chat/ HTTP/1.1\r\n{lines}\r\n".encode())
        assert self._link.recv(12) == b"HTTP/1.1 101"

    def follow(self, asked: Asked) -> None:
        self.say({"follow": asked.answer, "cursor": ""})

    def say(self, what: dict[str, object]) -> None:
        body = json.dumps(what).encode()
        # A mask of zeros leaves it as it is.
        try:
            self._link.sendall(bytes([0x81, 0x80 | len(body)]) + bytes(4) + body)
        except ConnectionError:
            self._is_cut = True

    async def is_open(self) -> bool:
        """Whether the server still takes what is said."""
        self.say({"ping": 1})
        await asyncio.sleep(0.1)
        # An error is told once, here or above.
        has_failed = self._link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0
        self._is_cut = self._is_cut or has_failed
        return not self._is_cut

    def close(self) -> None:
        self._link.close()
