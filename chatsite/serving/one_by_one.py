"""Processes of one site that start together, prepared one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Any number, as long as it is always the same and nobody else's.
LOCK = 0x43_68_61_74


@contextmanager
def one_by_one() -> Iterator[None]:
    """In Postgres the others wait. SQLite has one process, which need not wait for anybody."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
