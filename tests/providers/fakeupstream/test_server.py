import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from providers.fakeupstream.cases import RECORDED, Case, Split, read_cases
from providers.fakeupstream.choosing import Choice
from providers.fakeupstream.server import Upstream

CUT_INSIDE = Case("tiny", "chat_stream", 503, {"content-type": "x/y"}, b"abcdef", (1, 4))
LISTED = Case("list", "models", 200, {}, b'{"data": []}')
CASES = {case.name: case for case in (CUT_INSIDE, LISTED)}


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream(Choice(CASES)) as upstream:
        yield upstream


async def pieces_read(upstream: Upstream, path: str, model: str = "tiny") -> list[bytes]:
    """Whatever each read of the socket gave, without the head."""
    port = urlsplit(upstream.base_url).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"model": model}).encode()
    writer.write(b"POST %s HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % (path.encode(), len(body)))
    writer.write(body)
    await reader.readuntil(b"\r\n\r\n")
    pieces: list[bytes] = []
    while not pieces or not pieces[-1].endswith(b"0\r\n\r\n"):
        pieces.append(await reader.read(65536))
    writer.close()
    return pieces


async def asked(upstream: Upstream, path: str, **fields: str) -> httpx.Response:
    url = upstream.base_url.removesuffix("/v1") + path
    async with httpx.AsyncClient(trust_env=False) as client:
        return await (client.post(url, json=fields) if fields else client.get(url))


@pytest.mark.parametrize(
    ("path", "pieces"),
    [
        ("/v1/chat/completions?split=whole", [b"abcdef"]),
        ("/v1/chat/completions?split=cut", [b"a", b"bcd", b"ef"]),
        ("/v1/chat/completions", [b"a", b"bcd", b"ef"]),
        ("/v1/chat/completions?split=what", [b"a", b"bcd", b"ef"]),
        ("/bytes/v1/chat/completions", [b"a", b"b", b"c", b"d", b"e", b"f"]),
        ("/bytes/v1/chat/completions?split=whole", [b"abcdef"]),
    ],
)
async def test_each_piece_of_a_case_arrives_alone(
    upstream: Upstream, path: str, pieces: list[bytes]
) -> None:
    read = await pieces_read(upstream, path)
    sent = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    assert b"".join(read) == b"".join(sent) + b"0\r\n\r\n"
    assert len(read) in (len(pieces), len(pieces) + 1)


async def test_a_case_keeps_its_status_and_its_headers(upstream: Upstream) -> None:
    response = await asked(upstream, "/v1/chat/completions", model="tiny")
    assert (response.status_code, response.headers["content-type"]) == (503, "x/y")
    assert response.content == b"abcdef"


async def test_a_wrong_length_of_a_case_is_sent_as_it_is() -> None:
    case = Case("short", "chat_stream", 200, {"Content-Length": "9"}, b"abc")
    async with Upstream(Choice({"short": case})) as upstream:
        with pytest.raises(httpx.RemoteProtocolError):
            await asked(upstream, "/v1/chat/completions", model="short")


async def test_cases_and_behaviours_are_listed_as_models(upstream: Upstream) -> None:
    listed = (await asked(upstream, "/v1/models")).json()["data"]
    assert {"echo", "cut", "tiny", "list"} <= {model["id"] for model in listed}


async def test_a_list_of_models_is_replayed_where_the_path_names_it(upstream: Upstream) -> None:
    assert (await asked(upstream, "/list/v1/models")).json() == {"data": []}


@pytest.mark.parametrize("path", ["/tiny/v1/models", "/list/v1/chat/completions"])
async def test_a_case_in_the_path_answers_only_what_it_is_about(
    upstream: Upstream, path: str
) -> None:
    fields = {"model": "echo"} if "chat" in path else {}
    assert (await asked(upstream, path, **fields)).content not in (b"abcdef", b'{"data": []}')


async def test_a_form_names_its_model_too(upstream: Upstream) -> None:
    url, file = f"{upstream.base_url}/audio/transcriptions", ("a.wav", b"RIFF", "audio/wav")
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.post(url, data={"model": "tiny"}, files={"file": file})
    assert response.content == b"abcdef"


async def test_the_journal_tells_what_was_asked(upstream: Upstream) -> None:
    await asked(upstream, "/v1/chat/completions?split=whole", model="echo")
    (told, _) = (await asked(upstream, "/v1/journal")).json()
    assert told["path"] == "/v1/chat/completions?split=whole"
    assert told["body"] == {"model": "echo"}


async def test_a_delay_stands_between_two_pieces() -> None:
    async with Upstream(Choice(CASES, delay_s=0.05)) as upstream:
        began = asyncio.get_running_loop().time()
        await pieces_read(upstream, "/v1/chat/completions")
    assert 0.15 <= asyncio.get_running_loop().time() - began < 2


def test_every_way_to_tell_a_body_is_read(tmp_path: Path) -> None:
    common = {"endpoint": "chat_stream", "http_status": 200, "headers": {}}
    bodies: list[dict[str, Any]] = [
        {"name": "a", "body": "é\r\n"},
        {"name": "b", "body_bytes_base64": "/wA="},
        {"name": "c", "body_repeat": {"prefix": "<", "repeat": "ab", "count": 2, "suffix": ">"}},
    ]
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([{**common, **body} for body in bodies]))
    read = [case.body for case in read_cases(file).values()]
    assert read == ["é\r\n".encode(), b"\xff\x00", b"<abab>"]


@pytest.mark.parametrize("split", Split)
def test_the_pieces_of_a_recorded_case_are_its_body(split: Split) -> None:
    cases = read_cases(RECORDED).values()
    assert len(cases) == 151
    assert [case.name for case in cases if b"".join(case.pieces(split)) != case.body] == []
