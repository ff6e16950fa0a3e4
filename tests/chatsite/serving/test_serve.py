"""The command that runs the site, from its first line to its end."""

import signal
import socket
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests import site

ADA = {"DJANGO_SUPERUSER_USERNAME": "ada", "DJANGO_SUPERUSER_PASSWORD": "a long passphrase"}


def test_ready_means_that_it_answers(tmp_path: Path) -> None:
    with (
        site.running_first(tmp_path) as running,
        urlopen(f"{running.url}readyz") as answer,
    ):
        assert answer.read() == b"ok"


def test_without_an_account_it_tells_the_link_that_makes_one(tmp_path: Path) -> None:
    with site.running(tmp_path) as running:
        link = running.read_until(r"(http://\S+/setup/\?token=\S+)")[1]
        with urlopen(link) as page:
            assert b'name="username"' in page.read()


def test_the_environment_s_account_takes_the_place_of_the_link(tmp_path: Path) -> None:
    with site.running(tmp_path, **ADA) as running, urlopen(running.url) as page:
        assert page.url.endswith("/accounts/login/?next=/")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_a_signal_ends_it_in_order(tmp_path: Path, sign: signal.Signals) -> None:
    with site.running(tmp_path) as running:
        began = time.monotonic()

        assert running.stop(sign) == 0
        assert time.monotonic() - began < 10


@pytest.mark.thorough
def test_a_half_sent_request_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with site.running(tmp_path) as running, socket.socket() as half:
        half.connect(("127.0.0.1", int(running.url.rstrip("/").rpartition(":")[2])))
        half.sendall(b"POST / HTTP/1.1\r\nHost: ")

        assert running.stop() == 0


def test_a_port_in_use_is_one_line_of_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with site.started(tmp_path, "--port", str(port)) as refused:
            refused.process.wait(20)

    assert refused.log.read_text() == (
        f"CommandError: 127.0.0.1 port {port} is in use. "
        "Stop what serves there, or choose another with --port.\n"
    )


def test_a_host_that_is_not_here_is_one_line_of_words(tmp_path: Path) -> None:
    with site.started(tmp_path, "--host", "192.0.2.1", "--port", "0") as refused:
        refused.process.wait(20)

    assert refused.log.read_text().count("\n") == 1
    assert "is not an address of this machine" in refused.log.read_text()
