"""What a run writes to the database: short synchronous functions, each one transaction.

They run in threads of their own, because all ORM calls of sockets and tasks would otherwise share
a single one, and one slow query would hold up every stream. Writes go through one thread, in the
order they were asked for: a late checkpoint can never overwrite a finished answer.
"""

import asyncio
import os
import socket
import uuid
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from conversations import metrics
from conversations.generation.order import Order
from conversations.generation.outcome import Outcome
from conversations.models import Generation, Message
from conversations.models.generation import LEASE, State
from conversations.rendering.markdown import VERSION
from providers.billing import Bill, bill
from providers.models import Call, Kind
from providers.quirks import learn

P = ParamSpec("P")
R = TypeVar("R")

RUNNER = f"{socket.gethostname()[:32]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
_writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
_readers = ThreadPoolExecutor(4, thread_name_prefix="store-read")


@dataclass(frozen=True, slots=True)
class Written:
    text: str
    reasoning: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the database sees this process's runs: still ours, and asked to stop."""

    ours: frozenset[UUID]
    to_stop: frozenset[UUID]


async def writing(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with metrics.WRITES.track_inprogress():
        return await _call(_writer, work, *args, **kwargs)


async def reading(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with metrics.READS.track_inprogress():
        return await _call(_readers, work, *args, **kwargs)


def claim(answer: Message) -> Generation:
    """Create the run as this process's own; nobody else ever saw it unclaimed."""
    return Generation.objects.create(
        message=answer, runner=RUNNER, lease_until=timezone.now() + LEASE
    )


@transaction.atomic
def checkpoint(written: Sequence[tuple[UUID, Written]], alive: Collection[UUID]) -> Standing:
    """Save the texts so far, renew the leases of the runs that are alive, tell how they stand.

    All by answer id. A run whose task was lost is not alive: its lease runs out as if its process
    had gone.
    """
    for answer_id, part in written:
        Message.objects.filter(pk=answer_id).update(content=part.text, reasoning=part.reasoning)
    ours = Generation.objects.owned_by(RUNNER).filter(message_id__in=alive)
    ours.update(lease_until=timezone.now() + LEASE)
    rows = list(ours.values_list("message_id", "stop_requested_at"))
    return Standing(
        frozenset(answer for answer, _ in rows),
        frozenset(answer for answer, asked in rows if asked),
    )


@transaction.atomic
def finish(order: Order, written: Written, outcome: Outcome) -> Message | None:
    """Move the run to its end state and keep its text: the stored answer, or None if it had
    ended before."""
    received = len(written.text.encode()) + len(written.reasoning.encode())
    billed = bill(order.answer.model, outcome.usage, order.size, received)
    generation = copy(order.generation)
    moved = generation.move(
        outcome.state,
        finish_reason=outcome.finish_reason[:64],
        error_kind=outcome.error_kind,
        error_detail=outcome.error_detail,
        first_token_at=outcome.first_token_at,
        route=outcome.route[:255],
        tried=[asdict(each) for each in outcome.tried],
        **_figures(billed),
    )
    if not moved:
        return None
    _enter(order, generation, billed)
    learn(order.answer.model, outcome.learnt)
    return _kept(order.answer, generation, written)


def _figures(billed: Bill) -> dict[str, Any]:
    """What the run and the ledger both keep."""
    usage = billed.usage
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cached_tokens": usage.cached_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "tokens_basis": billed.tokens,
        "cost": billed.amount,
        "currency": billed.currency,
        "cost_basis": billed.basis,
    }


def _enter(order: Order, generation: Generation, billed: Bill) -> None:
    first, began = generation.first_token_at, generation.started_at
    Call.objects.create(
        user_id=order.owner_id,
        model=order.answer.model,
        model_name=order.answer.model_name,
        route=generation.route,
        kind=Kind.CHAT,
        outcome=generation.state,
        error_kind=generation.error_kind,
        first_token_s=(first - began).total_seconds() if first else None,
        seconds=generation.seconds or 0.0,
        **_figures(billed),
    )


def request_stop(answer_id: UUID) -> None:
    """Leave word for whichever process writes this answer; it looks at each checkpoint."""
    Generation.objects.running().filter(message_id=answer_id).update(
        stop_requested_at=timezone.now()
    )


def interrupt_abandoned(alive: Collection[UUID] = ()) -> int:
    """End the runs whose process has gone; their text so far stays as it was last saved.

    Not those that are alive here: after the machine slept their leases have passed as well.
    """
    gone = Generation.objects.abandoned(timezone.now()).exclude(message_id__in=alive)
    return gone.move(State.INTERRUPTED)


def _kept(asked: Message, generation: Generation, written: Written) -> Message:
    answer = copy(asked)
    answer.generation = generation
    answer.keep(
        content=written.text, reasoning=written.reasoning, html=written.html, html_version=VERSION
    )
    return answer


def ended_answer(answer_id: UUID) -> Message | None:
    return Message.objects.select_related("generation").filter(pk=answer_id).first()


def read(answer_id: UUID) -> tuple[Written, State] | None:
    row = (
        Message.objects.filter(pk=answer_id)
        .values_list("content", "reasoning", "generation__state")
        .first()
    )
    return (Written(row[0], row[1]), State(row[2])) if row else None


async def _call(
    pool: ThreadPoolExecutor, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    def call() -> R:
        try:
            return work(*args, **kwargs)
        except DatabaseError:
            metrics.STORE_FAILURES.inc()
            # These threads keep their connections; one that broke must not be used again.
            connection.close()
            raise

    return await asyncio.get_running_loop().run_in_executor(pool, call)
