"""One process at a time where several start at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

# As long as the longest migration may take; any number, but the same in every version.
WAIT_S = 600
ADVISORY_LOCK = 7_238_114


@contextmanager
def own_turn() -> Iterator[None]:
    """What is done within is done by no other process of the site: not by one with the same
    DATA_DIR, nor by one with the same Postgres. Both locks end with their process."""
    lock = Path(settings.DATA_DIR) / "starting.lock"
    with closing(sqlite3.connect(lock, timeout=WAIT_S, isolation_level=None)) as data_dir:
        # The one lock on a file that every system has in the same way.
        data_dir.execute("BEGIN EXCLUSIVE")
        with _postgres_lock():
            yield


@contextmanager
def _postgres_lock() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
