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
from contextlib import suppress
from copy import copy
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import Error, connection, transaction
from django.utils import timezone

from conversations import metrics
from conversations.generation.entering import enter, enter_interrupted
from conversations.generation.figures import figures_with
from conversations.generation.live import MOST_PICTURES
from conversations.generation.order import Order
from conversations.generation.outcome import Outcome
from conversations.models import Generation, Message, Picture
from conversations.models.generation import LEASE, State
from conversations.rendering.markdown import VERSION
from conversations.search.index import enter_answer
from conversations.unseen import leave_unseen
from providers.billing import bill
from providers.models.call import Basis
from providers.pictures import Refusal, picture_of
from providers.quirks import learn
from providers.text import clean

P = ParamSpec("P")
R = TypeVar("R")

RUNNER = f"{socket.gethostname()[:32]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
_writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
_readers = ThreadPoolExecutor(4, thread_name_prefix="store-read")


@dataclass(frozen=True, slots=True)
class Written:
    """`pictures` as `ImageDelta` has them, all so far."""

    text: str
    reasoning: str
    html: str = ""
    pictures: Sequence[str] = ()


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


def claim_again(answer: Message) -> bool:
    """The run of an answer that ended too early as this process's own; False if it cannot be."""
    return answer.generation.resume(RUNNER)


@transaction.atomic
def checkpoint(written: Sequence[tuple[UUID, Written]], alive: Collection[UUID]) -> Standing:
    """Save the texts so far, renew the leases of the runs that are alive, tell how they stand.

    All by answer id. A run whose task was lost is not alive: its lease runs out as if its process
    had gone.
    """
    # The leases first: whoever ended a run of ours meanwhile, its text is no longer ours to write.
    ours = Generation.objects.owned_by(RUNNER).filter(message_id__in=alive)
    ours.update(lease_until=timezone.now() + LEASE)
    rows = list(ours.values_list("message_id", "stop_requested_at"))
    standing = {answer for answer, _ in rows}
    for answer_id, part in written:
        found = Message.objects.filter(pk=answer_id)
        if answer_id in standing and found.update(content=part.text, reasoning=part.reasoning):
            _keep_pictures(answer_id, part.pictures)
    return Standing(
        frozenset(standing),
        frozenset(answer for answer, asked in rows if asked),
    )


@transaction.atomic
def finish(order: Order, written: Written, outcome: Outcome) -> Message | None:
    """Move the run to its end state and keep its text: the stored answer, or None if it had
    ended before."""
    billed = bill(order.answer.model, outcome.usage, order.size, outcome.received)
    generation = copy(order.generation)
    moved = generation.move(
        outcome.state,
        finish_reason=outcome.finish_reason[:64],
        error_kind=outcome.error_kind,
        error_detail=outcome.error_detail,
        wrong_base=wrong_base_of(order, outcome),
        first_token_at=generation.first_token_at or outcome.first_token_at,
        thought_until=generation.thought_until or outcome.thought_until,
        guessed_tokens=order.guessed_tokens,
        sent_tokens=billed.usage.prompt_tokens if billed.tokens == Basis.MEASURED else None,
        route=outcome.route[:255],
        tried=[asdict(each) for each in outcome.tried],
        **figures_with(order.generation, billed),
    )
    if not moved:
        return None
    enter(order, generation, outcome, billed, order.answer.model)
    learn(order.answer.model, outcome.learnt)
    answer = _kept(order.answer, generation, written)
    enter_answer(order.owner_id, answer, may_have_images=bool(written.pictures))
    return answer


@transaction.atomic
def finish_bare(order: Order, written: Written, outcome: Outcome) -> Message | None:
    """As `finish`, with nothing of what a service said but the answer itself: for when `finish`
    fails, whatever the reason."""
    generation = copy(order.generation)
    if not generation.move(outcome.state, error_kind=outcome.error_kind):
        return None
    told = replace(written, text=clean(written.text), reasoning=clean(written.reasoning), html="")
    with suppress(Exception), transaction.atomic():
        _keep_pictures(order.answer_id, written.pictures)
    bare = Outcome(outcome.state, error_kind=outcome.error_kind, asked=outcome.asked)
    # The model may be what is gone.
    enter(order, generation, bare, bill(None, None), model=None)
    answer = _kept(order.answer, generation, replace(told, pictures=()))
    with suppress(Exception), transaction.atomic():
        enter_answer(order.owner_id, answer)
    return answer


def wrong_base_of(order: Order, outcome: Outcome) -> dict[str, Any]:
    """With whether the base URL is the user's own to change."""
    if outcome.wrong_base is None:
        return {}
    model = order.answer.model
    is_own = model is not None and model.provider.owner_id == order.owner_id
    return {**asdict(outcome.wrong_base), "is_own": is_own}


def request_stop(answer_id: UUID) -> None:
    """Leave word for whichever process writes this answer; it looks at each checkpoint."""
    Generation.objects.running().filter(message_id=answer_id).update(
        stop_requested_at=timezone.now()
    )


def is_running(answer_id: UUID) -> bool:
    return Generation.objects.running().filter(message_id=answer_id).exists()


def leases() -> dict[UUID, datetime]:
    """Of every answer that is being written, in whichever process."""
    return dict(Generation.objects.running().values_list("message_id", "lease_until"))


@transaction.atomic
def interrupt(answer_id: UUID, lease_until: datetime) -> int:
    """End a run whose process has gone, unless that has renewed its lease after all; the text
    so far stays as it was last saved, and what it cost is estimated from it."""
    same = Generation.objects.filter(message_id=answer_id, lease_until=lease_until)
    moved = same.move(State.INTERRUPTED)
    if moved:
        _keep_interrupted(answer_id)
    return moved


def _keep_interrupted(answer_id: UUID) -> None:
    answer = Message.objects.select_related("conversation", "model", "generation").get(pk=answer_id)
    enter_interrupted(answer)
    enter_answer(answer.conversation.owner_id, answer)
    leave_unseen(answer.conversation_id, State.INTERRUPTED)


def _kept(asked: Message, generation: Generation, written: Written) -> Message:
    answer = copy(asked)
    # The conversation before its messages: whoever deletes some or turns to others has it first.
    leave_unseen(answer.conversation_id, generation.state)
    _keep_pictures(answer.pk, written.pictures)
    answer.generation = generation
    answer.keep(
        content=written.text, reasoning=written.reasoning, html=written.html, html_version=VERSION
    )
    return answer


def _keep_pictures(answer_id: UUID, urls: Sequence[str]) -> None:
    """Those that are not stored yet."""
    stored = Picture.objects.filter(message_id=answer_id).count() if urls else 0
    Picture.objects.bulk_create(
        _picture(answer_id, number, url) for number, url in enumerate(urls) if number >= stored
    )


def _picture(answer_id: UUID, number: int, url: str) -> Picture:
    if number >= MOST_PICTURES:
        return Picture(message_id=answer_id, number=number, refusal=Refusal.TOO_MANY)
    told = picture_of(url)
    return Picture(
        message_id=answer_id,
        number=number,
        data=told.data,
        media_type=told.media_type,
        url=told.url,
        refusal=told.refusal or "",
    )


def ended_answer(answer_id: UUID) -> Message | None:
    return Message.objects.select_related("generation", "model").filter(pk=answer_id).first()


def ended_at(answer_id: UUID) -> datetime | None:
    """None also while it is being written."""
    found = Generation.objects.filter(message_id=answer_id)
    return found.values_list("ended_at", flat=True).first()


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
        # These threads keep their connections: one that broke meanwhile must not be used again.
        connection.close_if_unusable_or_obsolete()
        try:
            return work(*args, **kwargs)
        except Error:
            metrics.STORE_FAILURES.inc()
            connection.close()
            raise

    return await asyncio.get_running_loop().run_in_executor(pool, call)
