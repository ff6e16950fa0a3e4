"""What it costs to save an answer while it is being written, by its length and by how many."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

from tests.bench.figures import Figure, median
from tests.bench.several import is_possible
from tests.faults import servers
from tests.site import ROOT

TEXTS = {
    "1x5": "one text of 5 KB",
    "1x50": "one text of 50 KB",
    "1x500": "one text of 500 KB",
    "100x5": "100 texts of 5 KB",
}
UNITS = {"ms": "ms", "cpu_ms": "ms CPU", "kb": "KB"}


def figures(reps: int) -> list[Figure]:
    with servers.postgres() if is_possible() else nullcontext((None, "")) as (_, url):
        rounds = [(_saved(""), *([_saved(url)] if url else [])) for _ in range(reps)]
    return [figure for name in TEXTS for figure in _figures(name, rounds)]


def _figures(name: str, rounds: list[tuple[Any, ...]]) -> Iterator[Figure]:
    """SQLite's, and beside it Postgres', which writes in processes of its own."""
    for what, unit in UNITS.items():
        values = [median(saved[name][what] for saved in each) for each in zip(*rounds, strict=True)]
        if what == "kb":
            yield Figure(f"checkpoint, {TEXTS[name]}", unit, values[:1])
        else:
            yield Figure(f"checkpoint, {TEXTS[name]}", unit, values, other="Postgres")


def _saved(database_url: str) -> Any:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        here = {"DATA_DIR": folder, "DATABASE_URL": database_url, "LOCAL_MODEL": "0"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.saving", *TEXTS],
            cwd=ROOT,
            env={**os.environ, **here},
            stdout=subprocess.PIPE,
            check=True,
            timeout=60,
        )
    return json.loads(done.stdout)
