"""What was asked: each request as it came, and whether the client left before the end."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

_FORM_MODEL = re.compile(rb'name="model"(?:\r\n[^\r\n]+)*\r\n\r\n([^\r\n]*)')


@dataclass
class Received:
    """One request. `path` holds the query too; `body` is the JSON that it sent, None where `raw`
    is none."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    disconnected: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    raw: bytes = field(default=b"", repr=False)

    @property
    def model(self) -> str:
        """The model that was asked for, in JSON or in a form."""
        if isinstance(self.body, dict):
            return str(self.body.get("model", ""))
        found = _FORM_MODEL.search(self.raw)
        return found[1].decode("utf-8", "replace") if found else ""


def journal_of(requests: list[Received]) -> bytes:
    """As JSON, oldest first."""
    names = ("method", "path", "headers", "body", "disconnected")
    return json.dumps([{name: getattr(r, name) for name in names} for r in requests]).encode()


async def receive(reader: asyncio.StreamReader, ahead: bytes) -> Received | None:
    """The next request, of which `ahead` was read already; None if the client left."""
    try:
        head = (ahead + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, path, _ = head[0].split(" ", 2)
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    raw = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, headers, _json(raw), raw=raw)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
