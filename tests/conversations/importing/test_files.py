"""How much of the disk the files of one user take."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from chatsite.models import User
from conversations.importing import files
from conversations.models import ImportJob
from conversations.models.import_job import JobState


@pytest.fixture(autouse=True)
def forgotten(
    olivia: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Iterator[None]:
    yield
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(olivia)


def kept(owner: User, state: JobState = JobState.WAITING) -> ImportJob:
    job = files.keep(owner, SimpleUploadedFile("a.json", b"[]"))
    ImportJob.objects.filter(pk=job.pk).update(state=state)
    return job


def test_files_that_failed_stay_only_while_there_is_room(
    olivia: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        jobs = [kept(olivia, JobState.FAILED) for _ in range(files.MOST_KEPT + 2)]
    there = [job.path.exists() for job in jobs]
    assert there == [False] * 2 + [True] * files.MOST_KEPT
    assert ImportJob.objects.count() == len(jobs)


def test_what_waits_is_never_forgotten(olivia: User) -> None:
    waiting = kept(olivia)
    over = [ImportJob(owner=olivia, state=JobState.DONE) for _ in range(files.MOST_REMEMBERED + 3)]
    ImportJob.objects.bulk_create(over)
    kept(olivia)
    assert ImportJob.objects.filter(pk=waiting.pk).exists()
    assert ImportJob.objects.over().count() == files.MOST_REMEMBERED


def test_a_job_that_is_forgotten_takes_its_file_along(
    olivia: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = kept(olivia, JobState.STOPPED)
    ImportJob.objects.bulk_create(
        ImportJob(owner=olivia, state=JobState.DONE) for _ in range(files.MOST_REMEMBERED)
    )
    with django_capture_on_commit_callbacks(execute=True):
        kept(olivia)
    assert not ImportJob.objects.filter(pk=first.pk).exists()
    assert not first.path.exists()


def test_the_files_of_others_make_no_room(olivia: User, sam: User) -> None:
    for _ in range(files.MOST_KEPT):
        kept(olivia)
    job = kept(sam)
    job.path.unlink()
    assert ImportJob.objects.for_user(sam).count() == 1
