"""The files that wait on the disk to be taken in."""

import logging
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from conversations.locks import lock_owner
from conversations.models import ImportJob
from conversations.models.conversation import Viewer
from conversations.models.import_job import KEPT_FOR, JobState

logger = logging.getLogger(__name__)

# Of one user on the disk: waiting, being read, or for another try.
MOST_KEPT = 3
# Jobs that are over, each with its lines; older ones are forgotten.
MOST_REMEMBERED = 20
_ENDING = ".import"


class TooManyError(Exception):
    """The user has as many files waiting as one may have."""


def keep(owner: AbstractBaseUser, upload: "UploadedFile[Any]") -> ImportJob:
    """Store the file and the job that reads it; the upload itself need not last. Files of jobs that
    are over make room for it, oldest first. Raises TooManyError."""
    _check_room(owner)
    job = ImportJob(owner_id=owner.pk, name=_shown(upload.name), size=upload.size or 0)
    try:
        with job.path.open("xb") as kept:
            for chunk in upload.chunks(1024 * 1024):
                kept.write(chunk)
        _enter(owner, job)
    except BaseException:
        job.path.unlink(missing_ok=True)
        raise
    return job


def forget(owner: Viewer) -> None:
    """All jobs of a user, with their files; one that is being read ends."""
    jobs = list(ImportJob.objects.for_user(owner).only("pk"))
    ImportJob.objects.for_user(owner).delete()
    _unlink(jobs)


def sweep() -> None:
    """Files that nobody will ask for again, and what uploads left behind that were cut off."""
    oldest = time.time() - KEPT_FOR.total_seconds()
    for path in Path(settings.IMPORT_DIR).iterdir():
        if path.is_file() and path.stat().st_mtime < oldest and not _is_waited_for(path):
            path.unlink(missing_ok=True)
    _fail_lost()


def _fail_lost() -> None:
    """Those whose file was on the disk of a machine that is gone."""
    old = ImportJob.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    for job in old.filter(state=JobState.WAITING)[:100]:
        if not job.path.exists():
            same = ImportJob.objects.filter(pk=job.pk)
            same.move(JobState.STOPPED, ended_at=timezone.now())


def _is_waited_for(path: Path) -> bool:
    try:
        job = UUID(path.name.removesuffix(_ENDING))
    except ValueError:
        return False
    return ImportJob.objects.open().filter(pk=job).exists()


def _check_room(owner: Viewer) -> None:
    if ImportJob.objects.for_user(owner).open().count() >= MOST_KEPT:
        raise TooManyError


@transaction.atomic
def _enter(owner: AbstractBaseUser, job: ImportJob) -> None:
    """Of files that come at the same time each has seen room for itself."""
    lock_owner(owner.pk)
    _check_room(owner)
    job.save(force_insert=True)
    _make_room(owner)


def _make_room(owner: Viewer) -> None:
    mine = ImportJob.objects.for_user(owner)
    over = list(mine.over().order_by("-created_at").only("pk"))
    forgotten = over[MOST_REMEMBERED:]
    mine.filter(pk__in=[job.pk for job in forgotten]).delete()
    with_file = [job for job in over if job.path.exists()]
    _unlink([*forgotten, *with_file[MOST_KEPT - mine.open().count() :]])


def _unlink(jobs: Iterable[ImportJob]) -> None:
    """Not before it is certain that they are not to be read."""
    for job in jobs:
        transaction.on_commit(partial(job.path.unlink, missing_ok=True))


def _shown(name: str | None) -> str:
    return (name or "")[:255].replace("\x00", "")
