"""A Postgres and a Redis of the tests' own, on private ports, to be stopped, paused and killed.

Where the tests run as root, these run as `nobody`: Postgres refuses anything else.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

UNPRIVILEGED = "nobody"
START_S = 20.0


def program(name: str) -> str | None:
    """Where a server's program is, also where Debian hides those of Postgres."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    return shutil.which(name) or next((str(path) for path in reversed(versions)), None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Server:
    """A server as a child process. Its data stays while it is stopped."""

    def __init__(self, command: list[str], port: int, folder: Path) -> None:
        self.command, self.port, self.folder = command, port, folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdout=log, stderr=log, **_as_somebody()
            )
        _wait_for(self.port)

    def stop(self, sign: int = signal.SIGINT) -> None:
        """At once and in order; open connections are cut."""
        if self.process and self.process.poll() is None:
            self.resume()
            self.process.send_signal(sign)
            self.process.wait(START_S)

    def pause(self) -> None:
        """From now on it keeps its connections and answers nothing."""
        for each in self._processes():
            with suppress(psutil.NoSuchProcess):
                each.suspend()

    def resume(self) -> None:
        for each in self._processes():
            # A Postgres ends processes of its own at any time.
            with suppress(psutil.NoSuchProcess):
                each.resume()

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        self.pause()
        try:
            yield
        finally:
            self.resume()

    @contextmanager
    def full(self) -> Iterator[None]:
        """Its disk is, as far as it can tell: it can write to no file. When there is room, somebody
        starts it again: Postgres does not outlive a log of its own that it cannot write."""
        for number, each in enumerate(self._processes()):
            # By a process of its own user: another one may not, not even root without more rights.
            command = ["prlimit", "--pid", str(each.pid), "--fsize=1:"]
            # The others may end at any time; what they leave to do is done by new ones.
            subprocess.run(command, check=number == 0, capture_output=True, **_as_somebody())
        try:
            yield
        finally:
            self.stop(signal.SIGQUIT)
            self.start()

    def _processes(self) -> list[psutil.Process]:
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


@contextmanager
def postgres(like: Path | None = None) -> Iterator[tuple[Server, str]]:
    """The service, and its DATABASE_URL; `like` is the folder of one that has been stopped, of
    which it begins as a copy."""
    with folder_of_somebody() as folder:
        if like:
            # With its owner: Postgres opens no data of anybody else's.
            subprocess.run(["cp", "-a", str(like / "data"), str(folder)], check=True)
        else:
            _make_postgres(folder)
        with _ended(_postgres_in(folder)) as service:
            yield service, f"postgres://chat@127.0.0.1:{service.port}/postgres"


@contextmanager
def redis() -> Iterator[tuple[Server, str]]:
    """The service, and its REDIS_URL."""
    server, port = program("redis-server"), free_port()
    assert server
    quiet = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with (
        folder_of_somebody() as folder,
        _ended(Server([server, "--port", str(port), *quiet], port, folder)) as service,
    ):
        yield service, f"redis://127.0.0.1:{service.port}/0"


def _make_postgres(folder: Path) -> None:
    initdb = program("initdb")
    assert initdb
    data = str(folder / "data")
    subprocess.run(
        [initdb, "-D", data, "-U", "chat", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        check=True,
        capture_output=True,
        **_as_somebody(),
    )


def _postgres_in(folder: Path) -> Server:
    server, port = program("postgres"), free_port()
    assert server
    options = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    return Server([server, "-D", str(folder / "data"), *options], port, folder)


@contextmanager
def _ended(service: Server) -> Iterator[Server]:
    service.start()
    try:
        yield service
    finally:
        service.stop()


@contextmanager
def folder_of_somebody() -> Iterator[Path]:
    """For a server's data."""
    # Not one of pytest's, which are for the tests' own user to enter.
    folder = Path(tempfile.mkdtemp(prefix="chat-"))
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody() -> dict[str, Any]:
    environment = {"env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}}
    if os.geteuid() != 0:
        return environment
    return {"user": UNPRIVILEGED, "group": "nogroup", "extra_groups": (), **environment}


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing answers on port {port}")


def _version(path: Path) -> int:
    version = path.parts[-3]
    return int(version) if version.isdigit() else 0
