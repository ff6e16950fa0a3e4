"""How the server ends what is open, seen from the other side of the wire."""

import base64
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests import site

ADA = {"DJANGO_SUPERUSER_USERNAME": "ada", "DJANGO_SUPERUSER_PASSWORD": "a long passphrase"}
COME_BACK = 4000


def session_of_ada(running: site.Site) -> str:
    with httpx.Client(base_url=running.url) as client:
        page = client.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        fields = {"username": "ada", "password": "a long passphrase"}
        client.post("/accounts/login/", data={**fields, "csrfmiddlewaretoken": token[1]})
        return client.cookies["sessionid"]


def open_socket(running: site.Site, session: str, origin: str = "") -> tuple[socket.socket, bytes]:
    """A websocket, and the first line of the answer to its handshake."""
    parts = urlsplit(running.url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=20)
    lines = [
        "GET /ws/chat/ HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Origin: {origin or running.url.rstrip('/')}",
        f"Cookie: sessionid={session}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(b'0' * 16).decode()}",
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(4096)
    return connection, answer.split(b"\r\n")[0]


def test_an_open_page_is_told_to_come_back(tmp_path: Path) -> None:
    with site.running(tmp_path, **ADA) as running:
        connection, answer = open_socket(running, session_of_ada(running))
        with connection:
            assert b" 101 " in answer
            assert running.stop() == 0
            opcode, _length, *code = connection.recv(4)

    assert (opcode, int.from_bytes(code)) == (0x88, COME_BACK)


def test_a_socket_from_another_port_of_this_machine_is_refused(tmp_path: Path) -> None:
    with site.running(tmp_path, **ADA) as running:
        session = session_of_ada(running)
        connection, answer = open_socket(running, session, "http://127.0.0.1:1")
        connection.close()

    assert b" 403 " in answer


def test_a_frame_over_the_limit_is_refused_with_its_code(tmp_path: Path) -> None:
    with site.running(tmp_path, **ADA) as running:
        connection, _answer = open_socket(running, session_of_ada(running))
        with connection:
            length = (2 * 1024 * 1024).to_bytes(8)
            connection.sendall(b"\x81\xff" + length + b"mask" + b"x" * 1024)
            opcode, _length, *code = connection.recv(4)

    assert (opcode, int.from_bytes(code)) == (0x88, 1009)


def test_who_acknowledges_what_was_not_sent_is_told_the_code_of_that(tmp_path: Path) -> None:
    with site.running(tmp_path, **ADA) as running:
        connection, _answer = open_socket(running, session_of_ada(running))
        with connection:
            body = b'{"ack":1}'
            connection.sendall(bytes([0x81, 0x80 | len(body)]) + bytes(4) + body)
            opcode, _length, *code = connection.recv(4)

    assert (opcode, int.from_bytes(code)) == (0x88, 1008)
