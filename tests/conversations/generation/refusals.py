"""A database that refuses what the store's writer asks of it, as often as a test says."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from django.db import connection

from conversations.generation import store


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


@asynccontextmanager
async def refusing(error: Exception, statement: str, times: int = 1) -> AsyncIterator[Refusals]:
    """The next statements of the writer that begin so fail, as many as `times`."""
    refusals = Refusals(error, statement, times)
    await store.writing(_install, refusals)
    try:
        yield refusals
    finally:
        await store.writing(_remove, refusals)


def _install(refusals: Refusals) -> None:
    connection.execute_wrappers.append(refusals)


def _remove(refusals: Refusals) -> None:
    connection.execute_wrappers.remove(refusals)
