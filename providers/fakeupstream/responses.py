"""What a well-behaved service says, as bytes and steps."""

import json
from http import HTTPStatus
from typing import Any

from providers.fakeupstream.script import CUT, Step

EVENT_STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


def answer(*pieces: str, keep_alive: bool = False, usage: bool = True) -> list[Step]:
    """A whole streamed answer, a chunk for each piece."""
    body = b"".join([*map(chunk, pieces), finish(usage=usage)])
    if not keep_alive:
        return [EVENT_STREAM, body, CUT]
    return [response(200, "text/event-stream", body)]


def chunk(text: str) -> bytes:
    return delta(content=text)


def image(url: str) -> bytes:
    """An image of the answer, by its data URL or its address."""
    return delta(images=[{"type": "image_url", "image_url": {"url": url}}])


def delta(**fields: object) -> bytes:
    return _event({"choices": [{"index": 0, "delta": fields, "finish_reason": None}]})


def finish(reason: str = "stop", *, usage: bool = True) -> bytes:
    end = _event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    counts = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    reported = _event({"choices": [], "usage": counts}) if usage else b""
    return end + reported + b"data: [DONE]\n\n"


def response(status: int, content_type: str, body: bytes) -> bytes:
    fields = {"content-type": content_type, "content-length": str(len(body))}
    return head(status, fields) + body


def error(status: int, message: str, code: str = "") -> bytes:
    body = json.dumps({"error": {"message": message, "type": "error", "code": code}})
    return response(status, "application/json", body.encode())


def models(*ids: str) -> bytes:
    body = {"object": "list", "data": [{"id": name, "object": "model"} for name in ids]}
    return response(200, "application/json", json.dumps(body).encode())


def head(status: int, fields: dict[str, str]) -> bytes:
    """The status line and the header fields, up to the body."""
    phrase = HTTPStatus(status).phrase if status in _NAMED else "Unnamed"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {fields[name]}" for name in fields)]
    return "\r\n".join([*lines, "", ""]).encode()


_NAMED = frozenset(HTTPStatus)


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"
