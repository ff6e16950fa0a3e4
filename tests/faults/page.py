"""What a page makes of its frames: the text it would show."""

import json
import re
from html import unescape

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
