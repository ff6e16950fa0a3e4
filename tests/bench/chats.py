"""Clients that ask one question and note what comes and when; they parse it after the run, so
that they cost little beside the server on the same cores."""

import bisect
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

import aiohttp

from tests.bench.stage import Stage
from tests.bench.stamps import WIRE_PATTERN, age_ms, stamps_in, tenths

CSRF = "c" * 32
ACKNOWLEDGE_EVERY = 16
FRAME_NUMBER = re.compile(r'\{"n":(\d+)')
ANSWER_ID = re.compile(r'<chat-answer[^>]*data-id="([0-9a-f-]{36})"')


@dataclass
class Trace:
    """What one question brought."""

    tag: str = field(default_factory=lambda: uuid4().hex)
    asked_ns: int = 0
    arrivals: list[tuple[int, bytes]] = field(default_factory=list)
    # As the server has it in the end, and as the service sent it.
    text: str = ""
    sent: str = ""

    def note(self, data: bytes) -> None:
        self.arrivals.append((time.time_ns(), data))

    @property
    def size(self) -> int:
        return sum(len(data) for _, data in self.arrivals)

    @property
    def first_token_ms(self) -> float:
        return (min(self.seen().values()) - self.asked_ns) / 1e6

    @property
    def end_ms(self) -> float:
        return (self.arrivals[-1][0] - self.asked_ns) / 1e6

    def seen(self) -> dict[int, int]:
        """Stamps and the nanosecond in which each was first there."""
        ends: list[int] = []
        for _, data in self.arrivals:
            ends.append((ends[-1] if ends else 0) + len(data))
        first: dict[int, int] = {}
        for match in WIRE_PATTERN.finditer(b"".join(data for _, data in self.arrivals)):
            arrival = self.arrivals[bisect.bisect_left(ends, match.end())]
            first.setdefault(int(match[1], 16), arrival[0])
        return first

    def lags_ms(self) -> list[float]:
        return [age_ms(sent, tenths(at)) for sent, at in self.seen().items()]

    def lost(self) -> int:
        return len(set(stamps_in(self.sent)) - set(self.seen()))


def connections() -> aiohttp.ClientSession:
    """Any number of them, and no cookies but those that a request names."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=0)
    )


class Chat(Protocol):
    async def ask(self, model: str, trace: Trace) -> None: ...

    async def read_back(self, trace: Trace) -> None: ...

    async def close(self) -> None: ...


class RelayChat:
    def __init__(self, http: aiohttp.ClientSession, stage: Stage) -> None:
        self.http, self.url = http, f"{stage.relay.url}chat"

    async def ask(self, model: str, trace: Trace) -> None:
        messages = [{"role": "user", "content": f"tag={trace.tag}"}]
        body = json.dumps({"model": model, "stream": True, "messages": messages})
        trace.asked_ns = time.time_ns()
        async with self.http.post(self.url, data=body) as answer:
            async for data in answer.content.iter_any():
                trace.note(data)

    async def read_back(self, trace: Trace) -> None:
        """Nothing is stored: what came is all there is."""
        whole = b"".join(data for _, data in trace.arrivals).decode()
        events = [line[6:] for line in whole.split("\n") if line.startswith("data: {")]
        deltas = [json.loads(event)["choices"][0]["delta"] for event in events]
        trace.text = "".join(delta.get("content", "") for delta in deltas)

    async def close(self) -> None:
        pass


class SiteChat:
    """What the page does between Enter and the end of the answer, with its socket open before.

    It asks at `url` and watches at `watched_at`, which may be another process of the same site.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        models: Mapping[str, str],
        session: str,
        watched_at: str = "",
    ) -> None:
        self.http, self.url, self.models = http, url, models
        self.watched_at = watched_at or url
        self.cookies = f"sessionid={session}; csrftoken={CSRF}"
        self.headers = {
            "Cookie": self.cookies,
            "X-CSRFToken": CSRF,
            "HX-Request": "true",
            "Origin": url.rstrip("/"),
        }
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self.received = self.acknowledged = 0
        self.answer = ""

    async def ask(self, model: str, trace: Trace) -> None:
        socket = self.socket or await self.open()
        question = {
            "text": f"tag={trace.tag}",
            "model": self.models[model],
            "send_id": str(uuid4()),
        }
        trace.asked_ns = time.time_ns()
        self.answer = await self._send(question)
        await socket.send_str(json.dumps({"follow": self.answer, "cursor": ""}))
        foot = f"#m-{self.answer}-foot"
        async for message in socket:
            trace.note(message.data.encode())
            await self._acknowledge(socket, message.data)
            if foot in message.data:
                return
        raise ConnectionError(f"the site closed the socket with {socket.close_code}")

    async def open(self) -> aiohttp.ClientWebSocketResponse:
        headers = {"Cookie": self.cookies, "Origin": self.watched_at.rstrip("/")}
        # A browser offers compression, too.
        self.socket = await self.http.ws_connect(
            f"{self.watched_at}ws/chat/", headers=headers, compress=15, max_msg_size=0
        )
        return self.socket

    async def _send(self, question: dict[str, str]) -> str:
        async with self.http.post(f"{self.url}c/", data=question, headers=self.headers) as answer:
            body = await answer.text()
        if not (found := ANSWER_ID.search(body)):
            raise ConnectionError(f"the site answered {answer.status}: {body[:200]}")
        return found[1]

    async def _acknowledge(self, socket: aiohttp.ClientWebSocketResponse, frame: str) -> None:
        number = FRAME_NUMBER.match(frame)
        self.received = int(number[1]) if number else self.received
        if self.received - self.acknowledged >= ACKNOWLEDGE_EVERY:
            self.acknowledged = self.received
            await socket.send_str(json.dumps({"ack": self.received}))

    async def read_back(self, trace: Trace) -> None:
        address = f"{self.url}m/{self.answer}/text/"
        async with self.http.get(address, headers=self.headers) as stored:
            trace.text = await stored.text()

    async def stop(self) -> None:
        """End the answer, if there is one by now."""
        if self.answer:
            address = f"{self.url}m/{self.answer}/stop/"
            async with self.http.post(address, headers=self.headers) as stopped:
                stopped.raise_for_status()

    async def close(self) -> None:
        if self.socket:
            await self.socket.close()
