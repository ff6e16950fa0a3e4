"""Answers that are stored nowhere, those of temporary chats: read as the others are, and kept in
memory alone.

Each belongs to the response that carries it: that one claims it, starts it, and ends it when its
reader leaves. What stays is a row of the ledger, with tokens and cost. They are in no other
process's sight, and Redis never hears of them.
"""

import asyncio
import logging
from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, replace
from threading import Lock
from weakref import WeakSet

from django.db import transaction
from django.utils import timezone

from conversations import metrics
from conversations.generation.engine import count, finished_html, insist, read_upstream
from conversations.generation.order import Order
from conversations.generation.outcome import Outcome
from conversations.generation.run import Run
from conversations.generation.store import wrong_base_of
from conversations.models import Generation, Message
from conversations.models.generation import State
from conversations.rendering.markdown import VERSION
from providers.billing import bill
from providers.ledger import Entry, enter
from providers.models import Kind
from providers.models import Outcome as CallOutcome
from providers.quirks import learn

logger = logging.getLogger(__name__)

# For a database that is away longer than this, a page does not wait to hear of the end.
PATIENCE_S = 1.0
# And a process that has to end waits no longer than this.
SHUTDOWN_S = 10.0

# A response that nobody came to read is gone, and its run with it.
_runs: WeakSet[Run] = WeakSet()
_tasks: set[asyncio.Task[None]] = set()
# Pages' threads claim while the loop looks through them.
_lock = Lock()


def claim(order: Order) -> Run:
    """From now on it counts among the answers of its user; from any thread."""
    run = Run(order)
    with _lock:
        _runs.add(run)
    return run


def start(run: Run) -> None:
    """Begin to write it; returns at once. The run stays on this loop."""
    metrics.RUNS.inc()
    run.task = asyncio.create_task(_write(run))
    # Who asked may be gone before its row is entered.
    _tasks.add(run.task)
    run.task.add_done_callback(lambda task: _let_go(run, task))


def alive() -> Sequence[Run]:
    """From any thread."""
    with _lock:
        return [run for run in _runs if not run.live.ended]


def count_of(user_id: int) -> int:
    """How many are being written for this user by this process."""
    return sum(run.order.owner_id == user_id for run in alive())


async def shutdown() -> None:
    """End them all as interrupted, with what they cost entered."""
    for run in alive():
        run.end(State.INTERRUPTED)
    if _tasks:
        await asyncio.wait(_tasks, timeout=SHUTDOWN_S)


async def _write(run: Run) -> None:
    outcome = await read_upstream(run)
    run.close_seam()
    outcome = replace(outcome, received=run.received)
    run.closing = True
    run.ended_answer = _ended(run, outcome, await finished_html(run))
    entering = asyncio.ensure_future(_enter(run, outcome))
    await asyncio.wait([entering], timeout=PATIENCE_S)
    run.live.ended = True
    run.live.wake()
    count(run, outcome)
    await entering


def _ended(run: Run, outcome: Outcome, html: str) -> Message:
    """As its row would be, if it had one."""
    answer, live = copy(run.order.answer), run.live
    answer.content, answer.reasoning = live.text, live.reasoning
    answer.html, answer.html_version = html, VERSION
    billed = bill(answer.model, outcome.usage, run.order.size, outcome.received)
    answer.generation = Generation(
        message=answer,
        state=outcome.state,
        lease_until=run.order.began,
        started_at=run.order.began,
        ended_at=timezone.now(),
        finish_reason=outcome.finish_reason[:64],
        error_kind=outcome.error_kind,
        error_detail=outcome.error_detail,
        wrong_base=wrong_base_of(run.order, outcome),
        first_token_at=outcome.first_token_at,
        thought_until=outcome.thought_until,
        route=outcome.route[:255],
        tried=[asdict(each) for each in outcome.tried],
        **billed.figures(),
    )
    return answer


async def _enter(run: Run, outcome: Outcome) -> None:
    try:
        await insist(run, _settle, run.order, outcome)
    except Exception:
        # Of a user who was deleted meanwhile, for one; the answer has its end all the same.
        logger.exception("what run %s cost could not be entered", run.order.generation.pk)


@transaction.atomic
def _settle(order: Order, outcome: Outcome) -> None:
    model, first = order.answer.model, outcome.first_token_at
    entry = Entry(
        Kind.CHAT,
        order.request.model,
        sent=order.size,
        received=outcome.received,
        usage=outcome.usage,
        route=outcome.asked,
        outcome=CallOutcome(outcome.state),
        error_kind=outcome.error_kind,
        first_token_s=(first - order.began).total_seconds() if first else None,
        seconds=(timezone.now() - order.began).total_seconds(),
    )
    enter(order.owner_id, model, entry)
    learn(model, outcome.learnt)


def _let_go(run: Run, task: asyncio.Task[None]) -> None:
    metrics.RUNS.dec()
    _tasks.discard(task)
    with _lock:
        _runs.discard(run)
    if not run.live.ended:
        error = None if task.cancelled() else task.exception()
        logger.error("run %s was lost", run.order.generation.pk, exc_info=error)
        run.live.ended = True
        run.live.wake()
