"""What a page makes of its frames: the text it would show."""

import asyncio
import json
import re
from html import unescape

import aiohttp

from tests.faults.visitor import Asked, Visitor

PARTIAL = re.compile(
    r'<hx-partial hx-target="#m-[^"]*-(done|tail)" hx-swap="(\w+)">(.*?)</hx-partial>', re.DOTALL
)
TAGS = re.compile(r"<[^>]*>")
STATE = re.compile(r'data-state="(\w+)"')


class Page:
    """One answer on a page; `cursor` is what a new socket is to go on from."""

    def __init__(self) -> None:
        self.done = self.tail = self.cursor = self.state = ""
        self.number = 0

    @property
    def text(self) -> str:
        """Of all blocks, with a space for whatever stands between them."""
        return " ".join(unescape(TAGS.sub(" ", self.done + self.tail)).split())

    def take(self, frame: str) -> None:
        parts = json.loads(frame)
        content = parts.get("content", "")
        for place, swap, html in PARTIAL.findall(content):
            if place == "tail":
                self.tail = html
            else:
                self.done = html if swap == "innerHTML" else self.done + html
        self._append(parts.get("text", ""))
        self.number, self.cursor = parts.get("n", self.number), parts.get("cursor", self.cursor)
        if found := STATE.search(content):
            self.state = found[1]

    def _append(self, text: str) -> None:
        """Where the open block ends: before the tags that close it."""
        if text:
            end = re.search(r"(</\w+>\s*)*$", self.tail)
            assert end
            self.tail = f"{self.tail[: end.start()]}{text}{self.tail[end.start() :]}"


async def follow(
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
