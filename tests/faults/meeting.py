"""Two transactions that want the same rows."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection, transaction

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
MOST_S = 10.0

Act = Callable[[], object]


def meet(first: Act, other: Act, then: Act = lambda: None) -> str:
    """One transaction of `first` and `then`. Between them `other` begins, and gets as far as it
    can without what that holds. The name of what `other` raised; '' where it was done."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            done = pool.submit(_on_its_own, other)
            _until_it_waits(done)
            then()
        error = done.exception()
    return type(error).__name__ if error else ""


def _on_its_own(other: Act) -> None:
    try:
        other()
    finally:
        connection.close()


def _until_it_waits(done: "Future[None]") -> None:
    end = time.monotonic() + MOST_S
    while not done.done() and time.monotonic() < end:
        with connection.cursor() as cursor:
            # Within a transaction Postgres tells what it told first.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
