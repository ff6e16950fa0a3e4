"""A user at one of the site's processes, without a browser: forms, and the page's socket."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from uuid import uuid4

import aiohttp

from tests.faults.words import WORD

NAME, PASSWORD = "ada", "a long enough passphrase"
CSRF = "c" * 32
ANSWER_ID = re.compile(r'<chat-answer[^>]*data-id="([0-9a-f-]{36})"')
CONVERSATION = re.compile(r"/c/([0-9a-f-]{36})/")
MODEL_ID = re.compile(r'<option value="([^"]+)"')
TAGS = re.compile(r"<[^>]*>")
LONGEST_WORD = 40
STATE = re.compile(r'data-state="(\w+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    conversation: str
    answer: str


@dataclass
class Watched:
    """What a socket brought: when each word was seen first, and how it ended."""

    lags_ms: dict[int, float] = field(default_factory=dict)
    frames: int = 0
    state: str = ""
    code: int | None = None
    _end: str = ""

    def take(self, frame: str) -> None:
        now, parts = time.time_ns(), json.loads(frame)
        # What is told besides has no number.
        self.frames = parts.get("n", self.frames)
        if found := STATE.search(parts.get("content", "")):
            self.state = found[1]
        # A word may come in two frames, and html is sent again with what follows it.
        piece = TAGS.sub("", parts.get("content", "")) + parts.get("text", "")
        self._end = self._end[-LONGEST_WORD:] + piece
        for place, sent in WORD.findall(self._end):
            self.lags_ms.setdefault(int(place), (now - int(sent)) / 1e6)

    def late_ms(self, percent: int) -> float:
        """How late so many percent of the words came, at the most."""
        return quantiles(self.lags_ms.values(), n=100)[percent - 1]


class Visitor:
    """Logged in once; the session holds at every process of the site."""

    cookie = "sessionid"

    def __init__(self, http: aiohttp.ClientSession, session: str = "") -> None:
        self.http, self.session, self.model = http, session, ""

    def headers(self, url: str) -> dict[str, str]:
        return {
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "HX-Request": "true",
            "Origin": url.rstrip("/"),
        }

    async def log_in(self, url: str, name: str = NAME, seconds: float = 10) -> None:
        """Not before the database is back, if it was away."""
        form, address = {"username": name, "password": PASSWORD}, f"{url}accounts/login/"
        async with asyncio.timeout(seconds):
            while not self.session:
                async with self.http.post(
                    address, data=form, headers=self.headers(url), allow_redirects=False
                ) as answer:
                    assert answer.status in {302, 503}, await answer.text()
                    if answer.status == 302:
                        self.session = answer.cookies[self.cookie].value

    async def log_out(self, url: str) -> None:
        async with self.http.post(f"{url}accounts/logout/", headers=self.headers(url)) as answer:
            assert answer.ok

    async def ask(self, url: str, question: str) -> Asked:
        self.model = self.model or await self._find_model(url)
        form = {"text": question, "model": self.model, "send_id": str(uuid4())}
        return await self.send(url, "c/", form)

    async def send(self, url: str, path: str, form: dict[str, str]) -> Asked:
        """To a new chat, or to the messages of one."""
        async with self.http.post(f"{url}{path}", data=form, headers=self.headers(url)) as answer:
            body = await answer.text()
            assert answer.status == 200, body
        conversation, found = CONVERSATION.search(body), ANSWER_ID.search(body)
        assert found
        assert conversation
        return Asked(conversation[1], found[1])

    async def stop(self, url: str, asked: Asked) -> None:
        address = f"{url}m/{asked.answer}/stop/"
        async with self.http.post(address, headers=self.headers(url)) as answer:
            assert answer.ok, answer.status

    async def go_on(self, url: str, asked: Asked) -> None:
        address = f"{url}m/{asked.answer}/continue/"
        async with self.http.post(address, headers=self.headers(url)) as answer:
            assert answer.ok, answer.status

    async def delete(self, url: str, asked: Asked) -> None:
        address = f"{url}c/{asked.conversation}/delete/"
        async with self.http.post(address, headers=self.headers(url)) as answer:
            assert answer.ok, answer.status

    async def text(self, url: str, asked: Asked) -> str:
        """As it is stored."""
        address = f"{url}m/{asked.answer}/text/"
        async with self.http.get(address, headers=self.headers(url)) as answer:
            assert answer.ok, answer.status
            return await answer.text()

    async def state(self, url: str, asked: Asked) -> str:
        """As the page tells it: also `running` while the answer is being written, and `away`
        while the database is."""
        address = f"{url}c/{asked.conversation}/"
        async with self.http.get(address, headers=self.headers(url)) as answer:
            page = await answer.text()
        if answer.status == 503:
            return "away"
        assert answer.ok, answer.status
        found = STATE.findall(page)
        return str(found[-1]) if found else "running"

    async def until_ended(self, url: str, asked: Asked, seconds: float = 20) -> str:
        async with asyncio.timeout(seconds):
            while (state := await self.state(url, asked)) in {"running", "away"}:
                await asyncio.sleep(0.1)
        return state

    async def watch(
        self, url: str, asked: Asked, words: int = 10**9, *, past_end: bool = False
    ) -> Watched:
        """Follows on a socket to the answer's end, or until so many words have come, or the socket
        is closed; with `past_end` the answer's end is none."""
        watched = Watched()
        async with self.socket(url) as socket:
            await socket.send_str(json.dumps({"follow": asked.answer, "cursor": ""}))
            async for message in socket:
                watched.take(message.data)
                await socket.send_str(json.dumps({"ack": watched.frames}))
                if (watched.state and not past_end) or len(watched.lags_ms) >= words:
                    return watched
            watched.code = socket.close_code
        return watched

    async def poll(self, url: str, cursors: dict[str, str]) -> tuple[int, str]:
        """The answer to one question of a page that no websocket reaches: its status and frames."""
        address, body = f"{url}updates/", json.dumps(cursors)
        async with self.http.post(address, data=body, headers=self.headers(url)) as answer:
            return answer.status, await answer.text()

    @asynccontextmanager
    async def temporarily(
        self, url: str, text: str, **fields: str
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """A turn of a temporary chat, while its answer comes."""
        self.model = self.model or await self._find_model(url)
        form = {"text": text, "model": self.model, "send_id": str(uuid4()), **fields}
        address = f"{url}c/temporary/turns/"
        async with self.http.post(address, data=form, headers=self.headers(url)) as answer:
            assert answer.status == 200, await answer.text()
            yield answer

    @asynccontextmanager
    async def socket(self, url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        async with self.http.ws_connect(
            f"{url}ws/chat/", headers=self.headers(url), max_msg_size=0
        ) as socket:
            yield socket

    async def seconds_of_a_page(self, url: str) -> float:
        began = time.monotonic()
        async with self.http.get(url, headers=self.headers(url)) as answer:
            assert answer.ok, answer.status
            await answer.read()
        return time.monotonic() - began

    async def _find_model(self, url: str) -> str:
        """Not before the database is back, if it was away."""
        async with asyncio.timeout(10):
            while True:
                async with self.http.get(url, headers=self.headers(url)) as answer:
                    page = await answer.text()
                if answer.status != 503:
                    break
                await asyncio.sleep(0.1)
        found = MODEL_ID.search(page)
        assert found, f"the page offers no model: {answer.status} {page[:2000]}"
        return found[1]
