"""Searching 100,000 messages of one user, on SQLite and, where it is installed, on Postgres."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.site import ROOT

MESSAGES = 100_000
MOST_MS = 100
WORKER = (sys.executable, "-m", "tests.bench.searching")
UNPRIVILEGED = "nobody"


def figures(reps: int) -> list[Figure]:
    rows = _on("SQLite", "", reps)
    if not _program("initdb"):
        sys.stderr.write("No Postgres here: without it.\n")
        return rows
    with _postgres() as url:
        return rows + _on("Postgres", url, reps)


def _on(name: str, url: str, reps: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        done = subprocess.run(
            [*WORKER, f"--messages={MESSAGES}", f"--reps={reps}"],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": folder, "DATABASE_URL": url, "LOCAL_MODEL": "0"},
            stdout=subprocess.PIPE,
            check=True,
        )
    made = json.loads(done.stdout)
    entry = Figure(f"{name}: to enter a message", "ms", [made["ms_per_entry"]])
    asked = made["asked"].items()
    return [entry, *(Figure(f"{name}: {what}", "ms", [ms], most=MOST_MS) for what, ms in asked)]


@contextmanager
def _postgres() -> Iterator[str]:
    """The DATABASE_URL of a server that is gone at the end."""
    server, initdb = _program("postgres"), _program("initdb")
    assert server
    assert initdb
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        somebody: dict[str, Any] = {"user": UNPRIVILEGED} if os.geteuid() == 0 else {}
        if somebody:
            shutil.chown(folder, UNPRIVILEGED)
        data, port = f"{folder}/data", _free_port()
        made = [initdb, "-D", data, "-U", "chat", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(made, cwd=folder, check=True, stdout=subprocess.DEVNULL, **somebody)
        options = ["-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
        process = subprocess.Popen(
            [server, "-D", data, *options], cwd=folder, stderr=subprocess.DEVNULL, **somebody
        )
        try:
            _wait_for(port)
            yield f"postgres://chat@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait()


def _program(name: str) -> str | None:
    """Also where Debian hides those of Postgres."""
    hidden = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or next((str(path) for path in reversed(hidden)), None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            # It takes connections a moment before it takes log-ins.
            time.sleep(1)
            return
    raise TimeoutError("Postgres did not start")
