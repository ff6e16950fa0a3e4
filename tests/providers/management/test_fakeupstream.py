import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.site import ROOT

PATIENCE_S = 30


@contextmanager
def served(data: Path, *arguments: str) -> Iterator[str]:
    """The base URL that the command says it serves at."""
    command = [sys.executable, "manage.py", "fakeupstream", "--port", "0", *arguments]
    environment = {**os.environ, "DATA_DIR": str(data)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def models_at(base_url: str) -> list[str]:
    with urllib.request.urlopen(f"{base_url}/models", timeout=PATIENCE_S) as response:
        return [model["id"] for model in json.load(response)["data"]]


def test_the_cases_and_the_behaviours_are_served_on_loopback(tmp_path: Path) -> None:
    with served(tmp_path) as base_url:
        assert base_url.startswith("http://127.0.0.1:")
        assert {"echo", "frame-crlf-basic"} <= set(models_at(base_url))


def test_a_file_of_ones_own_replaces_the_cases(tmp_path: Path) -> None:
    case = {"name": "mine", "endpoint": "chat_stream", "http_status": 200, "headers": {}}
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps([{**case, "body": "data: [DONE]\n\n"}]))
    with served(tmp_path, "--cases", str(cases), "--host", "127.0.0.2") as base_url:
        assert base_url.startswith("http://127.0.0.2:")
        listed = models_at(base_url)
    assert "mine" in listed
    assert "frame-crlf-basic" not in listed


@pytest.mark.parametrize("text", ["", "{}x", '[{"name": "a"}]', "[1]"])
def test_what_is_no_file_of_cases_is_refused(tmp_path: Path, text: str) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text(text)
    with pytest.raises(CommandError, match=r"cases\.json"):
        call_command("fakeupstream", "--cases", str(cases))


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"127.0.0.1:{port}"):
            call_command("fakeupstream", "--port", str(port))
