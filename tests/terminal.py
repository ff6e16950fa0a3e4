"""Commands of the site, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.site import ROOT


def started(data_dir: Path, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
    """`manage.py` with these arguments, under these variables alone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(data_dir), "LOCAL_MODEL": "0", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


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
