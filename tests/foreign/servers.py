"""The servers of others, each started on a free port of this machine and ended with its tests."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.site import ROOT

# Where `make foreign` puts them.
PROGRAMS = ROOT / "var" / "foreign" / "bin"
KEY = "sk-of-the-tests"
# Words that llmock reads at once, and requests that it takes from one key in a minute.
CONTEXT, MOST_REQUESTS = 200, 30
START_S = 60.0


def installed() -> bool:
    return (PROGRAMS / "llm-katan").exists() and (PROGRAMS / "llmock").exists()


@contextmanager
def llm_katan(folder: Path) -> Iterator[str]:
    """Says what it was asked, to those who have its key; its base URL."""
    stats = str(folder / "stats.json")
    model = ("--model", "katan", "--backend", "echo", "--stats-file", stats)
    keys = ("--validate-keys", "--api-keys", f"openai={KEY}")
    with _served(folder, "llm-katan", *model, *keys) as base_url:
        yield base_url


@contextmanager
def llmock(folder: Path, *options: str) -> Iterator[str]:
    """Says what it was asked, as OpenAI's models would send it; its base URL."""
    limits = ("--context-window", str(CONTEXT), "--rpm", str(MOST_REQUESTS))
    style = ("--response-style", "echo")
    with _served(folder, "llmock", "serve", *style, *limits, *options) as base_url:
        yield base_url


@contextmanager
def _served(folder: Path, program: str, *arguments: str) -> Iterator[str]:
    """Runs in `folder`, for what it writes, with an environment of no key and no proxy."""
    port = _free_port()
    place = ("--host", "127.0.0.1", "--port", str(port))
    log = folder / "output.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [PROGRAMS / program, *arguments, *place],
            cwd=folder,
            env={"PATH": str(PROGRAMS), "HOME": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"it did not start: {log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
