"""What is no page is named, logged and counted all the same, also where it fails."""

import logging
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.db import InterfaceError, OperationalError

from chatsite.asgi_types import Application, Receive, Scope, Send
from chatsite.door import BROKEN, TRY_AGAIN, Door
from chatsite.logs import REQUEST_ID
from chatsite.models import User
from conversations import metrics

ORIGIN = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
FAULTS = [
    (OperationalError("away"), 503, TRY_AGAIN),
    (InterfaceError("closed"), 503, TRY_AGAIN),
    (ValueError("a fault of ours"), 500, BROKEN),
]


def failing(error: Exception) -> Application:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    return Door(app, "/here/")


async def asked(app: Application, path: str = "/here/") -> dict[str, Any]:
    """The start of the answer to a post."""
    scope = {"type": "http", "method": "POST", "path": path, "headers": ORIGIN}
    wire: Any = ApplicationCommunicator(app, scope)  # type: ignore[no-untyped-call]
    await wire.send_input({"type": "http.request", "body": b"{}"})
    start = await wire.receive_output(5)
    await wire.receive_output(5)
    return {**start, "headers": dict(start["headers"])}


@pytest.mark.parametrize(("error", "status", "code"), FAULTS)
async def test_a_fault_has_its_status_and_a_socket_its_code(
    error: Exception, status: int, code: int
) -> None:
    assert (await asked(failing(error)))["status"] == status
    socket = WebsocketCommunicator(failing(error), "/here/")
    assert (await socket.connect())[0]
    assert await socket.receive_output(1) == {"type": "websocket.close", "code": code}


async def test_with_the_database_away_it_says_when_to_come_back_and_shows_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await asked(failing(OperationalError("away")))
    assert answer["headers"][b"retry-after"] == b"5"
    assert not any(record.exc_info for record in caplog.records)


async def test_an_answer_and_the_lines_about_it_have_one_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    names = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        names.append(REQUEST_ID.get())
        scope["user"] = User(pk=7)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    caplog.set_level(logging.INFO, "chatsite.access")
    answer = await asked(Door(app, "/here/"))
    [line] = [record for record in caplog.records if record.name == "chatsite.access"]
    assert answer["headers"][b"x-request-id"].decode() == names[0]
    assert (line.getMessage(), vars(line)["user"]) == ("POST /here/ 200", 7)


async def test_a_handshake_is_counted_and_so_is_one_at_an_address_that_is_none() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    opened, refused = (metrics.RESPONSES.labels(status) for status in (101, 403))
    before = opened._value.get(), refused._value.get()
    assert (await WebsocketCommunicator(Door(app, "/here/"), "/here/").connect())[0]
    assert not (await WebsocketCommunicator(Door(app, "/here/"), "/there/").connect())[0]
    assert (opened._value.get(), refused._value.get()) == (before[0] + 1, before[1] + 1)
