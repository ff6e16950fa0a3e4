"""Files as other services write them, and what is read of them."""

import io
import json
import zipfile
from typing import Any

from conversations.importing.reading import entries
from conversations.importing.values import Note, Reason, Source

LIMIT = 10 * 1024 * 1024


def read(data: bytes | str | object) -> list[Source | Note]:
    """Of bytes as they are, of text in UTF-8, of anything else as JSON."""
    if not isinstance(data, bytes | str):
        data = json.dumps(data)
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return [entry for _number, entry in entries(stream, LIMIT)]


def source(data: bytes | str | object) -> Source:
    [found] = read(data)
    assert isinstance(found, Source), found
    return found


def reasons(data: bytes | str | object) -> list[Reason]:
    return [entry.reason for entry in read(data) if isinstance(entry, Note)]


def said(found: Source) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in found.messages]


def zipped(**files: bytes | str | object) -> bytes:
    """By name, with `_` for the dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            content = data if isinstance(data, bytes | str) else json.dumps(data)
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def chatgpt(*nodes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A conversation of ChatGPT; each node follows the one before it, unless it says which."""
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None}}
    last = "root"
    for number, node in enumerate(nodes, 1):
        key = node.pop("key", f"n{number}")
        mapping[key] = {"id": key, "parent": node.pop("parent", last), "message": node}
        last = key
    about = {"title": "A chat", "conversation_id": "c-1", "current_node": last}
    return {**about, "create_time": 1700000000.5, "mapping": mapping, **fields}


def node(role: str, text: str = "", **fields: Any) -> dict[str, Any]:
    content = {"content_type": "text", "parts": [text]}
    return {"author": {"role": role}, "content": content, **fields}


def openai(*texts: str) -> dict[str, Any]:
    """Questions and answers in turn."""
    roles = ("user", "assistant")
    return {"messages": [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]}
