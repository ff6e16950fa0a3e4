"""The one timer that saves the texts of all runs of this process, and says that they are alive."""

import asyncio
import logging
from collections.abc import Callable

from django.db import Error

from conversations import metrics
from conversations.generation import store
from conversations.generation.run import Run
from conversations.models.generation import State

logger = logging.getLogger(__name__)

# Also how late, at the most, a stop is seen that was asked for in another process.
EVERY_S = 0.6


async def keep_saving(running: Callable[[], list[Run]]) -> None:
    """For as long as there are any, whatever goes wrong: without it every run of this process
    would be taken for dead."""
    has_failed = False
    while runs := running():
        await asyncio.sleep(EVERY_S)
        try:
            # After a failure the leases alone: one text that cannot be stored, or has no room on
            # the disk, must not cost the runs their lives.
            await _save([] if has_failed else _unsaved(runs), runs)
        except Error as error:
            has_failed = True
            logger.warning("checkpoint failed: %s", error)
        except Exception:
            has_failed = True
            logger.exception("checkpoint failed")
        else:
            has_failed = False


def _unsaved(runs: list[Run]) -> list[Run]:
    return [run for run in runs if run.live.unsaved and not run.closing]


async def _save(unsaved: list[Run], runs: list[Run]) -> None:
    written = [(run.order.answer_id, _so_far(run)) for run in unsaved]
    alive = [run.order.answer_id for run in runs]
    for run in unsaved:
        run.live.unsaved = False
    try:
        with metrics.CHECKPOINT.time():
            standing = await store.writing(store.checkpoint, written, alive)
    except Exception:
        # To be saved by a later tick, also if the service says nothing more for minutes.
        for run in unsaved:
            run.live.unsaved = True
        raise
    _heed(standing, runs)


def _so_far(run: Run) -> store.Written:
    return store.Written(run.live.text, run.live.reasoning, pictures=run.live.pictures)


def _heed(standing: store.Standing, runs: list[Run]) -> None:
    for run in runs:
        if run.order.answer_id in standing.to_stop:
            run.end(State.STOPPED)
        elif run.order.answer_id not in standing.ours:
            run.end(State.INTERRUPTED)
