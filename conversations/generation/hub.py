"""The runs of this process: start, find, stop."""

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID

from conversations import hints, metrics
from conversations.generation import store
from conversations.generation.checkpoints import keep_saving
from conversations.generation.engine import write_answer
from conversations.generation.order import Order
from conversations.generation.run import Run
from conversations.hints import Hint
from conversations.models import Message
from conversations.models.generation import State

logger = logging.getLogger(__name__)

# A page whose connection was cut at the end comes back within this and gets only what it lacks.
LINGER_S = 30.0
STOP_S = 3.0
# For a database that is away longer than this, a process that has to end does not wait.
SHUTDOWN_S = 10.0
STOP_LOOK_S = 0.05

_runs: dict[UUID, Run] = {}
# For those who come back to its end; what is done to an answer is not done to these.
_ended: dict[UUID, Run] = {}
_keeper: asyncio.Task[None] | None = None
_ended_acts: list[Callable[[Message], None]] = []


def when_ended(act: Callable[[Message], None]) -> None:
    """From now on `act` is called, on the loop, with each answer that ends here and is stored."""
    if act not in _ended_acts:
        _ended_acts.append(act)


async def start(order: Order) -> Run:
    """Begin to write an answer in the background; returns at once. The run stays on this loop."""
    run = Run(order)
    if before := find(order.answer_id):
        # Another process took it for dead, and this answer has been claimed anew since.
        before.end(State.INTERRUPTED)
    _ended.pop(order.answer_id, None)
    _runs[order.answer_id] = run
    metrics.RUNS.inc()
    run.task = asyncio.create_task(write_answer(run))
    run.task.add_done_callback(lambda task: _let_go(run, task))
    _keep_saving()
    return run


def alive() -> list[UUID]:
    """The answers that this process is writing now."""
    return [run.order.answer_id for run in _running()]


def find(answer_id: UUID) -> Run | None:
    """The run in this process that writes this answer now."""
    return _runs.get(answer_id)


def lately(answer_id: UUID) -> Run | None:
    """The run in this process that wrote this answer to an end; another may have gone on since,
    in whichever process."""
    return _ended.get(answer_id)


async def stop(answer_id: UUID) -> None:
    """End the answer as stopped, in whichever process it is written; the text so far stays."""
    run = find(answer_id)
    if run:
        run.end(State.STOPPED)
        # A database that is away may keep it from being stored; the page need not wait for that.
        await run.wait(STOP_S)
    if run is None or run.is_lost:
        await _stop_elsewhere(answer_id)


def hear_stop(hint: Hint) -> None:
    if run := find(UUID(hint["answer"])):
        run.end(State.STOPPED)


async def shutdown() -> None:
    """End every run of this process as interrupted, with its text stored."""
    runs = _running()
    for run in runs:
        run.end(State.INTERRUPTED)
    await asyncio.gather(*(run.wait(SHUTDOWN_S) for run in runs))


async def _stop_elsewhere(answer_id: UUID) -> None:
    hints.tell("stop", answer=str(answer_id))
    await store.writing(store.request_stop, answer_id)
    for _ in range(int(STOP_S / STOP_LOOK_S)):
        if not await store.reading(store.is_running, answer_id):
            return
        await asyncio.sleep(STOP_LOOK_S)


def _let_go(run: Run, task: "asyncio.Task[None]") -> None:
    metrics.RUNS.dec()
    _forget(_runs, run)
    # Only a run that was stored has ended by itself; the lease of a lost one now runs out.
    if not run.live.ended:
        error = None if task.cancelled() else task.exception()
        logger.error("run %s was lost", run.order.generation.pk, exc_info=error)
        run.live.ended = True
        run.live.wake()
    if not run.is_lost:
        _ended[run.order.answer_id] = run
        asyncio.get_running_loop().call_later(LINGER_S, _forget, _ended, run)
    if answer := run.ended_answer:
        for act in _ended_acts:
            act(answer)


def _forget(runs: dict[UUID, Run], run: Run) -> None:
    # The answer may have been continued meanwhile, by another run.
    if runs.get(run.order.answer_id) is run:
        del runs[run.order.answer_id]


def _keep_saving() -> None:
    global _keeper
    if _keeper is None or _keeper.done():
        _keeper = asyncio.create_task(keep_saving(_running))


def _running() -> list[Run]:
    return [run for run in _runs.values() if not run.live.ended]
