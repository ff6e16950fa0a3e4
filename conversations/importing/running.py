"""Files are taken in beside the pages, one at a time in each process, in the order they came.

What was taken stays, whatever happens to the rest: the same file again goes on where it ended,
since what is there is not taken twice.
"""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import Error, IntegrityError
from django.utils import timezone

from conversations.generation import store
from conversations.generation.recovery import Pulse
from conversations.importing import files
from conversations.importing.reading import Entry, entries
from conversations.importing.rows import Rows, rows_of
from conversations.importing.storing import NotOursError, Taking, steps
from conversations.importing.values import Fault, Note, Reason, Source, UnreadableError
from conversations.models import ImportJob
from conversations.models.generation import LEASE
from conversations.models.import_job import JobState

logger = logging.getLogger(__name__)

EVERY_S = 1.0
SWEEP_EVERY = 600
MOST_NOTES = 200
# Other threads get their turn with the interpreter: answers are being written meanwhile.
PAUSE_S = 0.001
# Another try may go better, as long as the file is there; all else is to be found in it again.
_PASSING = frozenset({"", Fault.NEWER, Fault.DISK, Fault.BROKEN})
# What this process reads just now.
_mine: set[UUID] = set()
_reader = ThreadPoolExecutor(1, thread_name_prefix="import")


@dataclass(slots=True)
class Progress:
    """Of one run; what the page of the job shows."""

    read: int = 0
    taken: int = 0
    known: int = 0
    refused: int = 0
    messages: int = 0
    notes: list[Note] = field(default_factory=list)
    more_notes: int = 0

    def note(self, note: Note) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(note)
        else:
            self.more_notes += 1

    def columns(self) -> dict[str, object]:
        counted = {name: getattr(self, name) for name in ("read", "taken", "known", "refused")}
        told = {"messages": self.messages, "more_notes": self.more_notes}
        return {**counted, **told, "notes": [list(astuple(note)) for note in self.notes]}


async def keep_importing() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    pulse, working, looks = Pulse(), None, 0
    try:
        while True:
            try:
                await _end_abandoned(pulse)
                if working is None or working.done():
                    working = await _begin()
                if looks % SWEEP_EVERY == 0:
                    await store.reading(files.sweep)
            except Error as error:
                logger.warning("looking for files to import failed: %s", error)
            except Exception:
                logger.exception("looking for files to import failed")
            looks += 1
            await asyncio.sleep(EVERY_S)
    finally:
        if working:
            working.cancel()


async def run(job: ImportJob) -> None:
    """To one of its ends; the job is this process's own."""
    progress = Progress()
    sign = asyncio.create_task(_keep_alive(job, progress))
    _mine.add(job.pk)
    try:
        state, fault = await _take_all(job, progress, sign)
    finally:
        _mine.discard(job.pk)
        sign.cancel()
        with suppress(asyncio.CancelledError):
            await sign
    await _end(job, state, progress, fault)


async def _begin() -> "asyncio.Task[None] | None":
    job = await store.reading(_next_waiting)
    if job is None or not await store.writing(job.claim, store.RUNNER):
        return None
    job.runner = store.RUNNER
    return asyncio.create_task(run(job))


def _next_waiting() -> ImportJob | None:
    waiting = ImportJob.objects.filter(state=JobState.WAITING).order_by("created_at")
    return next((job for job in waiting[:20] if job.path.exists()), None)


async def _take_all(
    job: ImportJob, progress: Progress, sign: "asyncio.Task[None]"
) -> tuple[JobState, str]:
    """How it ended, and why if it came no further."""
    try:
        return await _take_each(job, progress, sign), ""
    except NotOursError:
        return JobState.STOPPED, ""
    except UnreadableError as error:
        return JobState.FAILED, error.fault
    except FileNotFoundError:
        return JobState.FAILED, Fault.GONE
    except (Error, OSError) as error:
        logger.warning("import %s could not go on: %s", job.pk, error)
        return JobState.FAILED, Fault.DISK
    except Exception:
        # The border to whatever a file may hold: the job must come to an end.
        logger.exception("import %s failed", job.pk)
        return JobState.FAILED, Fault.BROKEN


async def _take_each(job: ImportJob, progress: Progress, sign: "asyncio.Task[None]") -> JobState:
    owner = await store.reading(get_user_model().objects.get, pk=job.owner_id)
    with job.path.open("rb") as file:
        found = entries(file, settings.IMPORT_LIMIT_BYTES)
        while not sign.done():
            made = await _in_thread(found, job.owner_id)
            if made is None:
                return JobState.DONE
            progress.read = file.tell()
            await _take(job, owner, made, progress)
            await asyncio.sleep(PAUSE_S)
    return JobState.STOPPED


@dataclass(frozen=True, slots=True)
class _Made:
    number: int
    source: Source | None
    rows: Rows | None
    note: Note | None


async def _in_thread(found: Iterator[Entry], owner_id: int) -> _Made | None:
    return await asyncio.get_running_loop().run_in_executor(_reader, _next, found, owner_id)


def _next(found: Iterator[Entry], owner_id: int) -> _Made | None:
    entry = next(found, None)
    if entry is None:
        return None
    number, read = entry
    if isinstance(read, Note):
        return _Made(number, None, None, read)
    return _Made(number, read, rows_of(owner_id, read), None)


async def _take(job: ImportJob, owner: AbstractBaseUser, made: _Made, progress: Progress) -> None:
    if made.source is None or made.rows is None:
        progress.refused += 1
        if made.note:
            progress.note(made.note)
        return
    title = made.rows.conversation.title
    try:
        is_new = await _store(Taking(job, owner, made.source.key, made.rows))
    except (IntegrityError, ValueError):
        logger.exception("entry %d of an import could not be stored", made.number)
        progress.refused += 1
        progress.note(Note(made.number, title, Reason.NOT_STORED))
        return
    if not is_new:
        progress.known += 1
        return
    progress.taken += 1
    progress.messages += len(made.rows.messages)
    for reason, count in made.source.left_out.items():
        progress.note(Note(made.number, title, reason, count))


async def _store(taking: Taking) -> bool:
    """Whether it was new. Others get to write between its steps."""
    for step in steps(taking):
        if not await store.writing(step):
            return False
    return True


async def _keep_alive(job: ImportJob, progress: Progress) -> None:
    """Ends once the job is no longer this process's own: somebody stopped it.

    Past the line of writers, in which others may be for long."""
    while True:
        try:
            if not await store.reading(_renew, job, progress.columns()):
                return
        except Error as error:
            logger.warning("import %s could not say how far it is: %s", job.pk, error)
        await asyncio.sleep(EVERY_S / 2)


def _renew(job: ImportJob, columns: dict[str, object]) -> int:
    mine = ImportJob.objects.running().filter(pk=job.pk, runner=job.runner)
    return mine.update(lease_until=timezone.now() + LEASE, **columns)


async def _end(job: ImportJob, state: JobState, progress: Progress, fault: str) -> None:
    fields = {**progress.columns(), "fault": fault, "ended_at": timezone.now()}
    if state == JobState.DONE:
        fields["read"] = job.size
    mine = ImportJob.objects.filter(pk=job.pk, runner=job.runner)
    is_used_up = state == JobState.DONE or fault not in _PASSING
    if await store.writing(mine.move, state, **fields) and is_used_up:
        job.path.unlink(missing_ok=True)


async def _end_abandoned(pulse: Pulse) -> None:
    """Those that a process left behind when it went away."""
    leases = await store.reading(_leases)
    for job_id, lease in pulse.look(leases, _mine):
        left = ImportJob.objects.running().filter(pk=job_id, lease_until=lease)
        if await store.writing(left.move, JobState.INTERRUPTED, ended_at=timezone.now()):
            logger.warning("import %s was abandoned and is interrupted now", job_id)


def _leases() -> dict[UUID, datetime]:
    running = ImportJob.objects.running().values_list("pk", "lease_until")
    return {pk: lease for pk, lease in running if lease}
