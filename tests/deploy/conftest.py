"""Two real processes of the site behind a real nginx, with the configuration that is shipped."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import site
from tests.faults import servers
from tests.site import Site

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
NAME = "chat.test"
USER, PASSWORD = "ada", "a long enough passphrase"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True, slots=True)
class Proxied:
    """`plain` and `secure` are ports of nginx on this machine."""

    plain: int
    secure: int
    first: Site
    second: Site


@pytest.fixture(scope="session")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("proxied")
    variables = {
        "CSRF_TRUSTED_ORIGINS": f"https://{NAME}",
        "DJANGO_SUPERUSER_USERNAME": USER,
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "METRICS_TOKEN": "a token for the tests alone",
    }
    with ExitStack() as stack:
        _server, url = stack.enter_context(site.postgres())
        for name in ("a", "b"):
            (folder / name).mkdir()
        first, second = (
            stack.enter_context(
                site.running(folder / name, DATA_DIR=str(folder), DATABASE_URL=url, **variables)
            )
            for name in ("a", "b")
        )
        ports = [
            first.url.rstrip("/").rpartition(":")[2],
            second.url.rstrip("/").rpartition(":")[2],
        ]
        yield Proxied(*stack.enter_context(nginx(folder, ports)), first, second)


def configured(folder: Path, sites: list[str], plain: int, secure: int) -> Path:
    """The shipped configuration, but for names and places of this machine."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    places = "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    for shipped, here in {
        "pid /run/": f"pid {folder}/",
        "/dev/stdout": f"{folder}/access.log",
        "stderr warn": f"{folder}/error.log warn",
        "server_tokens off;": f"server_tokens off;\n{places}",
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "/etc/nginx/certificates": str(folder),
        "web1:8000": f"127.0.0.1:{sites[0]}",
        "web2:8000": f"127.0.0.1:{sites[1]}",
    }.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return folder / "nginx.conf"


def command(folder: Path, *arguments: str) -> list[str]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program
    # Folders of tests are for their own user to enter.
    user = "user root;" if os.geteuid() == 0 else ""
    return [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), *arguments, "-g", user]


def certify(folder: Path) -> None:
    made = ["-keyout", str(folder / "chat.key"), "-out", str(folder / "chat.pem")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *made, "-subj", f"/CN={NAME}", "-days", "2"],
        check=True,
        capture_output=True,
    )


@contextmanager
def nginx(folder: Path, sites: list[str]) -> Iterator[tuple[int, int]]:
    plain, secure = servers.free_port(), servers.free_port()
    certify(folder)
    configured(folder, sites, plain, secure)
    started = command(folder)
    process = subprocess.Popen([*started[:-1], f"daemon off; {started[-1]}"])
    end = time.monotonic() + 10
    while not (folder / "nginx.pid").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    try:
        yield plain, secure
    finally:
        process.terminate()
        process.wait(20)
