"""The whole application, as a server calls it."""

import asyncio

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from chatsite.asgi import application
from chatsite.models import User

LOG_IN_AGAIN = 4401


def socket_of(client: Client, origin: str = "http://localhost") -> WebsocketCommunicator:
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    headers = [
        (b"host", b"localhost"),
        (b"origin", origin.encode()),
        (b"cookie", cookie.encode()),
    ]
    return WebsocketCommunicator(application, "/ws/chat/", headers)


@pytest.mark.django_db(transaction=True)
async def test_a_socket_of_someone_signed_in_stays_open(as_olivia: Client) -> None:
    socket = await asyncio.to_thread(socket_of, as_olivia)

    assert (await socket.connect())[0]
    assert await socket.receive_nothing()
    await socket.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_a_socket_of_nobody_is_told_to_log_in(client: Client) -> None:
    socket = await asyncio.to_thread(socket_of, client)
    await socket.connect()

    assert await socket.receive_output() == {
        "type": "websocket.close",
        "code": LOG_IN_AGAIN,
    }


@pytest.mark.django_db(transaction=True)
async def test_a_session_from_before_a_new_password_is_nobody_s(
    as_olivia: Client, olivia: User
) -> None:
    olivia.set_password("another long passphrase")
    await asyncio.to_thread(olivia.save)
    socket = await asyncio.to_thread(socket_of, as_olivia)
    await socket.connect()

    assert (await socket.receive_output())["code"] == LOG_IN_AGAIN


@pytest.mark.django_db(transaction=True)
async def test_a_socket_from_another_site_is_refused(as_olivia: Client) -> None:
    socket = await asyncio.to_thread(socket_of, as_olivia, "http://evil.example")

    assert (await socket.connect())[0] is False
