"""The files that wait on the disk to be taken in."""

import logging
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from conversations.models import ImportJob
from conversations.models.conversation import Viewer
from conversations.models.import_job import KEPT_FOR, JobState

logger = logging.getLogger(__name__)

# Of one user, waiting or being read.
MOST_OPEN = 3
# Jobs that are over, each with its lines; older ones are forgotten.
MOST_REMEMBERED = 20
_ENDING = ".import"


class TooManyError(Exception):
    """The user has as many files waiting as one may have."""


def keep(owner: AbstractBaseUser, upload: "UploadedFile[Any]") -> ImportJob:
    """Store the file and the job that reads it; the upload itself need not last."""
    if ImportJob.objects.for_user(owner).open().count() >= MOST_OPEN:
        raise TooManyError
    job = ImportJob(owner_id=owner.pk, name=_shown(upload.name), size=upload.size or 0)
    try:
        with job.path.open("xb") as kept:
            for chunk in upload.chunks(1024 * 1024):
                kept.write(chunk)
        with transaction.atomic():
            job.save(force_insert=True)
            _forget_oldest(owner)
    except BaseException:
        job.path.unlink(missing_ok=True)
        raise
    return job


def forget(owner: Viewer) -> None:
    """All jobs of a user, with their files; one that is being read ends."""
    jobs = list(ImportJob.objects.for_user(owner))
    ImportJob.objects.for_user(owner).delete()
    for job in jobs:
        job.path.unlink(missing_ok=True)


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


def _forget_oldest(owner: Viewer) -> None:
    mine = ImportJob.objects.for_user(owner).order_by("-created_at").values_list("pk", flat=True)
    ImportJob.objects.filter(pk__in=list(mine[MOST_REMEMBERED:])).delete()


def _shown(name: str | None) -> str:
    return (name or "")[:255].replace("\x00", "")
