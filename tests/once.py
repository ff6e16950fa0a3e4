"""What the workers of one run make once, for all of them."""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

_NAME = "TESTS_SHARED"


def _folder() -> Path:
    """Of the run: its first process makes it, the workers inherit its name."""
    if _NAME not in os.environ:
        os.environ[_NAME] = tempfile.mkdtemp(prefix="tests-")
        atexit.register(shutil.rmtree, os.environ[_NAME], ignore_errors=True)
    return Path(os.environ[_NAME])


FOLDER = _folder()


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, filled by whoever comes first; the others wait for that."""
    folder, made = FOLDER / name, FOLDER / f"{name}.made"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder
