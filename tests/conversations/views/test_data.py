"""The page of a user's own data, and of the files that are taken in."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from chatsite.models import User
from conversations.importing import files
from conversations.importing.ticket import REFUSED, is_valid
from conversations.models import ImportJob
from conversations.models.import_job import JobState


@pytest.fixture(autouse=True)
def forgotten(
    olivia: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Iterator[None]:
    yield
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(olivia)


@pytest.fixture
def job(olivia: User) -> ImportJob:
    return files.keep(olivia, SimpleUploadedFile("chats.json", b"[]"))


def address(client: Client) -> str:
    found = re.search(r'action="(/data/import/[^"]+)"', client.get("/data/").text)
    assert found
    return found[1]


def sent(client: Client, content: bytes = b"[1]", name: str = "chats.json") -> Any:
    return client.post(address(client), {"file": SimpleUploadedFile(name, content)})


def test_a_file_waits_for_its_turn(as_olivia: Client, olivia: User) -> None:
    response = sent(as_olivia)
    [job] = ImportJob.objects.for_user(olivia)
    assert response["Location"] == f"/data/import/{job.pk}/"
    assert (job.state, job.name, job.path.read_bytes()) == (JobState.WAITING, "chats.json", b"[1]")


@pytest.mark.parametrize("fields", [{}, {"file": SimpleUploadedFile("a.json", b"")}, {"file": "x"}])
def test_no_file_or_an_empty_one_is_told(as_olivia: Client, fields: Any) -> None:
    response = as_olivia.post(address(as_olivia), fields)
    assert response.status_code == 422
    assert "Choose a file first" in response.text


def test_one_that_is_too_large_is_told_with_the_limit(
    as_olivia: Client, settings: Settings
) -> None:
    settings.IMPORT_LIMIT_BYTES = 1024 * 1024
    response = sent(as_olivia, b" " * (1024 * 1024 + 1))
    assert response.status_code == 413
    assert "larger than 1 MB" in response.text


def test_a_site_that_takes_none_says_so(as_olivia: Client, settings: Settings) -> None:
    settings.IMPORT_LIMIT_BYTES = 0
    assert "takes no files" in as_olivia.get("/data/").text


def test_too_many_at_once_are_told(as_olivia: Client, olivia: User) -> None:
    for _ in range(files.MOST_KEPT):
        files.keep(olivia, SimpleUploadedFile("a.json", b"[]"))
    assert sent(as_olivia).status_code == 429


@pytest.mark.parametrize("act", ["", "stop/", "again/"])
def test_a_stranger_finds_no_import(act: str, as_sam: Client, job: ImportJob) -> None:
    ask = as_sam.post if act else as_sam.get
    for pk in (job.pk, uuid4()):
        assert ask(f"/data/import/{pk}/{act}").status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_a_stranger_sees_none_in_the_list(as_sam: Client, job: ImportJob) -> None:
    assert "chats.json" not in as_sam.get("/data/").text


def test_nobody_can_send_a_file(client: Client, as_olivia: Client) -> None:
    response = client.post(address(as_olivia), {"file": SimpleUploadedFile("a.json", b"[]")})
    assert response["Location"].startswith("/accounts/login/")
    assert not ImportJob.objects.exists()


def test_it_is_stopped_and_tried_again(as_olivia: Client, job: ImportJob) -> None:
    for act, state in (("stop", JobState.STOPPED), ("again", JobState.WAITING)):
        as_olivia.post(f"/data/import/{job.pk}/{act}/")
        job.refresh_from_db()
        assert job.state == state


def test_what_is_done_is_done(as_olivia: Client, job: ImportJob) -> None:
    ImportJob.objects.update(state=JobState.DONE)
    for act in ("stop", "again"):
        as_olivia.post(f"/data/import/{job.pk}/{act}/")
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_without_scripts_the_page_comes_again_by_itself_until_the_end(
    as_olivia: Client, job: ImportJob
) -> None:
    assert 'http-equiv="refresh"' in as_olivia.get(f"/data/import/{job.pk}/").text
    ImportJob.objects.update(state=JobState.DONE)
    assert 'http-equiv="refresh"' not in as_olivia.get(f"/data/import/{job.pk}/").text


def test_what_was_left_out_is_told_line_by_line(as_olivia: Client, job: ImportJob) -> None:
    notes = [[2, "<b>Tides</b>", "tool", 3], [7, "", "not_json", 1]]
    ImportJob.objects.update(state=JobState.DONE, notes=notes, more_notes=4)
    page = " ".join(as_olivia.get(f"/data/import/{job.pk}/").text.split())
    assert "Entry 2, “&lt;b&gt;Tides&lt;/b&gt;”: without 3 messages of tools" in page
    assert "Entry 7: is not valid JSON" in page
    assert "And 4 more lines." in page


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    as_olivia: Client, olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ImportJob.objects.bulk_create(ImportJob(owner=olivia, name=f"{n}") for n in range(20))
    with django_assert_num_queries(4):
        as_olivia.get("/data/")


def test_a_ticket_is_for_the_address_of_a_form_alone(as_olivia: Client) -> None:
    given = address(as_olivia)
    assert is_valid(given)
    assert not any(map(is_valid, ["/data/import/", "/c/", given[:-3] + "/", f"/x{given}"]))


def test_the_limit_is_said(as_olivia: Client) -> None:
    assert f"{settings.IMPORT_LIMIT_BYTES // 2**20} MB" in as_olivia.get("/data/").text


def test_a_file_that_was_refused_on_its_way_is_told_with_the_limit(as_olivia: Client) -> None:
    page = as_olivia.get(REFUSED).text
    assert f"larger than {settings.IMPORT_LIMIT_BYTES // 2**20} MB" in page
    assert 'aria-invalid="true"' in page
    assert is_valid(address(as_olivia))
