"""Requests at the edge of what daphne takes, sent to a real one."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.web.http import Request

from chatsite.serving.request import ARRIVAL_LIMIT_S, BoundedChannel
from tests import site

MEGABYTE = 1024 * 1024
BIG = 200 * MEGABYTE


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[site.Site]:
    with site.running(tmp_path_factory.mktemp("data")) as running:
        yield running


def send(running: site.Site, head: str, body: bytes = b"", times: int = 1) -> bytes:
    """The first of the answer to one raw request; `body` is sent so many times."""
    parts = urlsplit(running.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        request = f"{head}\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        for _ in range(times):
            connection.sendall(body)
        return connection.recv(65536)


@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page", "/static/none.js"])
@pytest.mark.parametrize("framing", ["stated", "chunked"])
def test_two_hundred_megabytes_are_refused_and_not_kept(
    running: site.Site, path: str, framing: str
) -> None:
    before = psutil.Process(running.process.pid).memory_info().rss
    if framing == "stated":
        head, chunk = f"POST {path} HTTP/1.1\r\nContent-Length: {BIG}", b"x" * MEGABYTE
    else:
        head = f"POST {path} HTTP/1.1\r\nTransfer-Encoding: chunked"
        chunk = b"100000\r\n" + b"x" * MEGABYTE + b"\r\n"
    answer = send(running, head, chunk, 200)
    grown = psutil.Process(running.process.pid).memory_info().rss - before

    assert answer.startswith(b"HTTP/1.1 413")
    assert grown < 20 * MEGABYTE


def test_a_body_within_the_limit_is_read(running: site.Site) -> None:
    head = "POST /accounts/login/ HTTP/1.1\r\nContent-Length: 1000000"

    assert send(running, head, b"x" * 1_000_000).startswith(b"HTTP/1.1 403")


def test_a_client_cannot_put_a_prefix_before_the_links(running: site.Site) -> None:
    answer = send(running, "GET /accounts/login/ HTTP/1.1\r\nDaphne-Root-Path: /evil")

    assert b"evil" not in answer


@pytest.mark.parametrize("value", ["/evil", "caf\xe9"], ids=ascii)
def test_a_forged_prefix_is_no_fault(running: site.Site, value: str) -> None:
    answer = send(running, f"GET /healthz HTTP/1.1\r\nDaphne-Root-Path: {value}")

    assert answer.startswith(b"HTTP/1.1 200")


def test_a_wrong_host_is_refused(running: site.Site) -> None:
    parts = urlsplit(running.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(b"GET /setup/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")

        assert connection.recv(100).startswith(b"HTTP/1.1 400")


class Answered(Request):  # type: ignore[misc]
    def process(self) -> None:
        self.finish()


@pytest.mark.parametrize("before", [b"", b"GET / HTTP/1.1\r\n\r\n"], ids=["first", "later"])
def test_a_first_line_that_drips_is_cut_off(before: bytes) -> None:
    clock, transport, channel = Clock(), StringTransport(), BoundedChannel()
    channel.callLater, channel.requestFactory = clock.callLater, Answered
    channel.makeConnection(transport)
    channel.dataReceived(before)
    for _ in range(int(ARRIVAL_LIMIT_S)):
        assert not transport.disconnecting
        channel.dataReceived(b"G")
        clock.advance(1)
    assert transport.disconnecting


def test_a_request_that_has_begun_is_not_cut_off_with_its_first_line() -> None:
    clock, transport, channel = Clock(), StringTransport(), BoundedChannel()
    channel.callLater, channel.requestFactory = clock.callLater, Answered
    channel.makeConnection(transport)
    channel.dataReceived(b"GET / HTTP/1.1\r\n")
    clock.advance(2 * ARRIVAL_LIMIT_S)
    assert not transport.disconnecting
