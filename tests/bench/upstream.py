"""An OpenAI-compatible service that answers at a given pace; every chunk carries its send time.

    python -m tests.bench.upstream

The model's name is the scenario: `paced-<N>x<D>` is N chunks at D milliseconds (0 is a burst),
`markdown-<K>k-<R>` a Markdown answer of K KB at R chunks a second. A question holds `tag=<word>`,
and `GET /sent/<word>` then tells the whole text that was sent for it, 404 until it is at its end.
"""

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from typing import Any

from tests.bench import markdown
from tests.bench.stamps import stamp

MODELS = ("paced-200x20", "paced-2000x20", "paced-2000x0", "markdown-50k-50", "markdown-50k-100")
PACED = re.compile(r"paced-(\d+)x(\d+)")
MARKDOWN = re.compile(r"markdown-(\d+)k-(\d+)")
TAG = re.compile(r"tag=(\w+)")
GROWTH = tuple(f"markdown-{kilobytes}k-2000" for kilobytes in (5, 50, 500))

LONGEST_RUN_S = 1800

Scenario = tuple[Sequence[str], float]
sent: dict[str, str] = {}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            method, path, body = await _request(reader)
            if method == "POST":
                await _answer(json.loads(body), writer)
            else:
                _tell(path, writer)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    method, path, _ = head.split(" ", 2)
    length = re.search(r"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return method, path, await reader.readexactly(int(length[1]) if length else 0)


def _tell(path: str, writer: asyncio.StreamWriter) -> None:
    if path.endswith("/models"):
        names = [{"id": name, "object": "model"} for name in (*MODELS, *GROWTH)]
        return _reply(writer, 200, json.dumps({"object": "list", "data": names}))
    text = sent.get(path.rpartition("/")[2])
    return _reply(writer, 404 if text is None else 200, text or "")


def _reply(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    body = text.encode()
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json; charset=utf-8\r\n"
    writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)


async def _answer(asked: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    question = str(asked["messages"][-1]["content"])
    tag = TAG.search(question)
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    text = await _stream(_scenario(str(asked["model"])), writer)
    if tag:
        sent[tag[1]] = text
    _write(writer, b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n')
    _write(writer, b"data: [DONE]\n\n")
    writer.write(b"0\r\n\r\n")


def _scenario(model: str) -> Scenario:
    """The pieces and the seconds between two of them."""
    if match := PACED.fullmatch(model):
        return [f"word {markdown.MARK} "] * int(match[1]), int(match[2]) / 1000
    match = MARKDOWN.fullmatch(model)
    return (markdown.chunks(int(match[1])), 1 / int(match[2])) if match else (["what?"], 0)


async def _stream(scenario: Scenario, writer: asyncio.StreamWriter) -> str:
    pieces, pause = scenario
    clock = asyncio.get_running_loop().time
    start, texts = clock(), []
    for number, piece in enumerate(pieces):
        # Against the start, not the chunk before: no late chunk makes all others late.
        if (early := start + number * pause - clock()) > 0:
            await asyncio.sleep(early)
        elif number % 50 == 0:
            await writer.drain()
        text = piece.replace(markdown.MARK, stamp())
        texts.append(text)
        _write(writer, _event(text))
    return "".join(texts)


def _event(text: str) -> bytes:
    content = json.dumps(text, ensure_ascii=False).encode()
    return b'data: {"choices":[{"index":0,"delta":{"content":' + content + b"}}]}\n\n"


def _write(writer: asyncio.StreamWriter, payload: bytes) -> None:
    if writer.is_closing():
        raise ConnectionResetError
    writer.write(b"%x\r\n%s\r\n" % (len(payload), payload))


async def _main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"Ready: http://127.0.0.1:{server.sockets[0].getsockname()[1]}/\n")
    sys.stdout.flush()
    # A run that was killed takes nobody with it; this ends by itself.
    async with asyncio.timeout(LONGEST_RUN_S):
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
