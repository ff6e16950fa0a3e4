"""Ends waits that last too long, at the price of one timer for a whole answer."""

import asyncio
import math
from types import TracebackType


class Overdue(Exception):
    """A wait went beyond its limit; the argument says which."""


class Watchdog:
    """`with watchdog:` around each wait of the task that made it; `allow` sets the limit of the
    next ones.

    asyncio.timeout costs a timer for each chunk; this timer looks, when it rings, whether the
    present wait is over its limit and is set anew only then. Between the waits the task does its
    caller's work, which is never cut.
    """

    def __init__(self, total: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time() + total
        self._until, self._limit = self._last, "total"
        self._timer: asyncio.TimerHandle | None = None
        # Asked once: to ask at each wait would be a twentieth of the whole work for a chunk.
        self._task = _current_task()
        self._is_waiting = False
        self._cancels = 0
        self._is_overdue = False

    def allow(self, seconds: float, limit: str) -> None:
        until = self._loop.time() + seconds
        self._until, self._limit = (until, limit) if until < self._last else (self._last, "total")

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def __enter__(self) -> None:
        self._is_waiting = True
        if self._timer is None or self._timer.when() > self._until:
            self._set()

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._is_waiting = False
        if not self._is_overdue:
            return
        self._is_overdue = False
        # Somebody else may have cancelled the task in the same moment, and goes first.
        is_only_ours = self._task.uncancel() <= self._cancels
        if is_only_ours and (kind is None or issubclass(kind, asyncio.CancelledError)):
            raise Overdue(self._limit) from None

    def _set(self) -> None:
        self.stop()
        if self._until < math.inf:
            self._timer = self._loop.call_at(self._until, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if not self._is_waiting:
            return
        if self._loop.time() < self._until:
            self._set()
        else:
            self._cancels, self._is_overdue = self._task.cancelling(), True
            self._task.cancel()


def _current_task() -> "asyncio.Task[object]":
    if (task := asyncio.current_task()) is None:
        raise RuntimeError("a watchdog watches over a task")
    return task
