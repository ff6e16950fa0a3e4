"""Searching 100,000 messages of one user, on SQLite and, where it is installed, on Postgres."""

import json
import os
import subprocess
import sys
import tempfile

from tests.bench.figures import Figure
from tests.bench.several import is_possible
from tests.faults import servers
from tests.site import ROOT

MESSAGES = 100_000
MOST_MS = 100
WORKER = (sys.executable, "-m", "tests.bench.searching")


def figures(reps: int) -> list[Figure]:
    rows = _on("SQLite", "", reps)
    if not is_possible():
        return rows
    with servers.postgres() as (_, url):
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
