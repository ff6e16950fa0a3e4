"""A database that refuses what the store's threads ask of it, as often as a test says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Barrier
from typing import Any

from django.db import connection

from conversations.generation import store

READERS = 4


class Refusals:
    """Stands where the statements leave for the database."""

    def __init__(self, error: Exception, statement: str, times: int) -> None:
        self.error, self.statement, self.left = error, statement, times

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        if self.left and sql.startswith(self.statement):
            self.left -= 1
            raise self.error
        return execute(sql, params, many, context)

    async def used_up(self, seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            while self.left:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def refusing(error: Exception, statement: str, times: int = 1) -> AsyncIterator[Refusals]:
    """The next statements that begin so fail, as many as `times`."""
    refusals = Refusals(error, statement, times)
    await _in_each_thread(lambda: connection.execute_wrappers.append(refusals))
    try:
        yield refusals
    finally:
        await _in_each_thread(lambda: connection.execute_wrappers.remove(refusals))


async def _in_each_thread(work: Callable[[], None]) -> None:
    """Each has a connection of its own."""
    together = Barrier(READERS)

    def work_once() -> None:
        together.wait(5)
        work()

    await asyncio.gather(store.writing(work), *(store.reading(work_once) for _ in range(READERS)))
