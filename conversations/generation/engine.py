"""Writing an answer down: events in, text and state out, whatever happens on the way."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from itertools import chain, repeat
from typing import ParamSpec, TypeVar

from django.db import DataError, Error, IntegrityError, ProgrammingError

from conversations import metrics
from conversations.generation import store
from conversations.generation.outcome import Outcome
from conversations.generation.run import Run
from conversations.models.generation import State
from providers.errors import ErrorKind, UpstreamError
from providers.failover import stream_chat
from providers.labels import route_label
from providers.routes import resolve

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

# A full disk passes, and so does a database that is away, be it after hours: the text is in memory
# and waits. From one attempt to the next, and then each as long as the last.
SAVE_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
# What is wrong with a value does not pass.
_LASTING = (DataError, IntegrityError, ProgrammingError)


async def write_answer(run: Run) -> None:
    """Run to an end state, store it, and only then tell the watchers."""
    outcome = await read_upstream(run)
    run.close_seam()
    outcome = replace(outcome, received=run.received)
    run.closing = True
    await _save(run, outcome, await finished_html(run))
    run.live.ended = True
    run.live.wake()
    count(run, outcome)


async def read_upstream(run: Run) -> Outcome:
    run.has_begun = True
    if run.ending:
        return _outcome(run, run.ending)
    try:
        endpoints = await resolve(run.order.routes)
        run.asked = route_label(endpoints[0]) if len(endpoints) == 1 else ""
        asked = stream_chat(endpoints, run.order.request, run.order.routes.policy)
        async with aclosing(asked) as events:
            async for event in events:
                run.take(event)
    except asyncio.CancelledError:
        # Taken as the answer to `Run.end`, so that what follows may wait for the database.
        if task := asyncio.current_task():
            task.uncancel()
        return _outcome(run, run.ending or State.INTERRUPTED)
    except UpstreamError as error:
        run.fail(error)
        return _outcome(run, State.FAILED, error.kind, error.detail)
    except Exception as error:
        # The border between us and every surprise: a defect must not leave a run without an end.
        logger.exception("run %s failed", run.order.generation.pk)
        return _outcome(run, State.FAILED, ErrorKind.UPSTREAM, type(error).__name__)
    return _outcome(run, State.COMPLETE)


def _outcome(run: Run, state: State, error_kind: str = "", error_detail: str = "") -> Outcome:
    return Outcome(
        state,
        finish_reason=run.finish_reason,
        error_kind=error_kind,
        error_detail=error_detail,
        wrong_base=run.error.wrong_base if run.error else None,
        usage=run.counted,
        first_token_at=run.live.first_token_at,
        thought_until=run.live.thought_until,
        route=run.route,
        asked=run.asked,
        tried=tuple(run.tried),
        learnt=tuple(run.learnt),
    )


async def finished_html(run: Run) -> str:
    """What is kept beside the text; without it a page renders the text again."""
    try:
        await run.painter.finish()
    except Exception:
        # Whatever the renderer stumbles over, the text must be stored.
        logger.exception("run %s could not be rendered", run.order.generation.pk)
        return ""
    return run.live.document.html


async def _save(run: Run, outcome: Outcome, html: str) -> None:
    """With all its figures, or without them if one of them is what cannot be stored."""
    written = store.Written(run.live.text, run.live.reasoning, html, run.live.pictures)
    try:
        run.ended_answer = await insist(run, store.finish, run.order, written, outcome)
    except Exception:
        logger.exception("run %s could not be stored whole", run.order.generation.pk)
        run.ended_answer = await insist(run, store.finish_bare, run.order, written, outcome)


async def insist(run: Run, save: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Try until it is stored, for as long as the process lives; raises what does not pass."""
    pauses = chain(SAVE_PAUSES, repeat(SAVE_PAUSES[-1]))
    while True:
        try:
            return await store.writing(save, *args, **kwargs)
        except Error as error:
            if isinstance(error, _LASTING):
                raise
            logger.warning("run %s could not be stored yet: %s", run.order.generation.pk, error)
            await asyncio.sleep(next(pauses))


def count(run: Run, outcome: Outcome) -> None:
    metrics.ENDED.labels(outcome.state).inc()
    if outcome.error_kind:
        metrics.ERRORS.labels(outcome.error_kind).inc()
    if outcome.first_token_at:
        waited = outcome.first_token_at - run.order.generation.started_at
        metrics.FIRST_TOKEN.observe(waited.total_seconds())
    if outcome.usage:
        metrics.TOKENS.labels("read").inc(outcome.usage.prompt_tokens or 0)
        metrics.TOKENS.labels("written").inc(outcome.usage.completion_tokens or 0)
