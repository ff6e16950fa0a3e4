"""Secrets that the site makes for itself on its first start, one in a file."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """The secret in `path`; where there is none yet, `make()` is stored with mode 600.

    Two processes that start at once agree: each writes a file of its own and only one of them
    gets the name, since `link` never replaces. A half-written file has no name to be read by.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600, exist_ok=False)
        try:
            _write_through(draft, make())
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # the other process was first: its secret is the one that counts
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _write_through(path: Path, text: str) -> None:
    """A power cut must not leave an empty key behind a name that exists."""
    with path.open("w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
