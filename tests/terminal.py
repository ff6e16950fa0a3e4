"""Commands of the site, each in a process of its own."""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.site import ROOT

# Runs what comes on each line, and says what that said and how it failed.
_LOOP = """
import contextlib, io, json, sys, traceback
for line in sys.stdin:
    said, failed = io.StringIO(), ""
    with contextlib.redirect_stdout(said):
        try:
            exec(json.loads(line), {})
        except Exception:
            failed = traceback.format_exc()
    print(json.dumps([said.getvalue().strip(), failed]), flush=True)
"""


def started(data_dir: Path, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
    """`manage.py` with these arguments, under these variables alone."""
    return _started(data_dir, arguments, variables)


def manage(data_dir: Path, *arguments: str, **variables: str) -> str:
    """What the command says; fails if the command does."""
    status, said = tried(data_dir, *arguments, **variables)
    assert status == 0, said
    return said


def tried(data_dir: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    process = started(data_dir, *arguments, **variables)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def python(data_dir: Path, code: str, **variables: str) -> str:
    """What a piece of Python prints that runs inside the site."""
    return manage(data_dir, "shell", "-v", "0", "-c", code, **variables).strip()


def inside(data_dir: Path, code: str, **variables: str) -> str:
    """As `python`, in one process for all that is run there: a second less for each."""
    shell = _shell(data_dir, tuple(variables.items()))
    assert shell.stdin
    assert shell.stdout
    shell.stdin.write(json.dumps(code) + "\n")
    shell.stdin.flush()
    said, failed = json.loads(shell.stdout.readline())
    assert not failed, failed
    return str(said)


@cache
def _shell(data_dir: Path, variables: tuple[tuple[str, str], ...]) -> "subprocess.Popen[str]":
    arguments = ("shell", "-v", "0", "-c", _LOOP)
    shell = _started(data_dir, arguments, dict(variables), stdin=subprocess.PIPE)
    atexit.register(shell.kill)
    return shell


def _started(
    data_dir: Path, arguments: Sequence[str], variables: Mapping[str, str], stdin: int | None = None
) -> "subprocess.Popen[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(data_dir), "LOCAL_MODEL": "0", **variables},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
