"""The real site in a process of its own, as `manage.py serve` runs it."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from tests.faults import servers
from tests.once import once

ROOT = Path(__file__).resolve().parent.parent
START_S = 30.0
DATABASE = "chatsite.sqlite3"
COLLECT = "from chatsite.serving.collecting import collect_static; collect_static()"
T = TypeVar("T")
#: One person plays many at once.
LIMITS = ("RUNS", "MESSAGES_PER_MINUTE", "MB_PER_DAY", "SOCKETS")
UNLIMITED = {f"LIMIT_{name}": "0" for name in LIMITS}


@dataclass
class Site:
    """Where it serves, and the file with what it has said since it started."""

    process: "subprocess.Popen[bytes]"
    log: Path
    url: str = ""

    def read_until(self, pattern: str) -> "re.Match[str]":
        """The first line that matches; fails with all that was said if none comes."""
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            has_ended = self.process.poll() is not None
            if match := re.search(pattern, self.log.read_text(encoding="utf-8"), re.MULTILINE):
                return match
            if has_ended:
                break
            time.sleep(0.02)
        raise AssertionError(f"the site never said {pattern}:\n{self.log.read_text()}")

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """The exit status, once it has stopped."""
        self.process.send_signal(sign)
        return self.process.wait(30)


@contextmanager
def running(
    data_dir: Path, *arguments: str, root: str = str(ROOT), **variables: str
) -> Iterator[Site]:
    """A site that is ready, on a port of its own and under these variables alone; `root` holds
    its code. Where there is no database yet it is given an empty one, and files that are published
    already: to make them takes longer than all else."""
    data_dir.mkdir(parents=True, exist_ok=True)
    database, static = data_dir / DATABASE, data_dir / "static"
    if "DATABASE_URL" not in variables and not database.exists():
        shutil.copy2(_empty_site() / DATABASE, database)
    if not static.exists():
        shutil.copytree(_empty_site() / "static", static)
    with running_first(data_dir, *arguments, root=root, **variables) as site:
        yield site


@contextmanager
def running_first(
    data_dir: Path, *arguments: str, root: str = str(ROOT), **variables: str
) -> Iterator[Site]:
    """The same, which makes its own database if there is none."""
    with started(data_dir, "--port", "0", *arguments, root=root, **variables) as site:
        site.url = site.read_until(r"^Ready: (http://\S+/)$")[1]
        yield site


@contextmanager
def postgres() -> Iterator[tuple[servers.Server, str]]:
    """A service with the database of an empty site, and its DATABASE_URL."""
    with servers.postgres(like=_empty_postgres()) as service_and_url:
        yield service_and_url


@cache
def _empty_site() -> Path:
    return once("site", _make_site)


def _make_site(folder: Path) -> None:
    _migrate(folder)
    _manage(folder, "shell", "-v", "0", "-c", COLLECT)


@cache
def _empty_postgres() -> Path:
    return once("postgres", _make_postgres)


def _make_postgres(folder: Path) -> None:
    with servers.postgres() as (service, url), tempfile.TemporaryDirectory() as data_dir:
        _migrate(Path(data_dir), DATABASE_URL=url)
        service.stop()
        subprocess.run(["cp", "-a", str(service.folder / "data"), str(folder)], check=True)


def _migrate(data_dir: Path, **variables: str) -> None:
    _manage(data_dir, "migrate", "--verbosity", "0", **variables)


def _manage(data_dir: Path, *arguments: str, **variables: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    environment = {**_kept(), "DATA_DIR": str(data_dir), **variables}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def started(
    data_dir: Path, *arguments: str, root: str = str(ROOT), **variables: str
) -> Iterator[Site]:
    """A site that may or may not get ready. It logs to a file: a pipe that nobody empties
    would hold it up after some dozen lines."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "site.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *arguments],
            cwd=root,
            env={
                **_kept(),
                "DATA_DIR": str(data_dir),
                "LOCAL_MODEL": "0",
                **UNLIMITED,
                **variables,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Site(process, log)
    finally:
        process.kill()
        process.wait()


def _kept() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}


@asynccontextmanager
async def in_thread(context: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Entered and left without holding up the loop, which may have a service of the test on it."""
    value = await asyncio.to_thread(context.__enter__)
    try:
        yield value
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)
