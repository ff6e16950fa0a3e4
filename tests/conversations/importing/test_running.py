"""Files that are taken in beside the pages."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient

from chatsite.models import User
from conversations.generation import store
from conversations.importing import files
from conversations.importing.running import MOST_NOTES, keep_importing, run
from conversations.models import Conversation, ImportJob, Message
from conversations.models.import_job import JobState
from tests import people
from tests.conversations.importing.files import chatgpt, node, openai

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture
async def owner() -> AsyncIterator[User]:
    user = await sync_to_async(people.olivia)()
    yield user
    await sync_to_async(files.forget)(user)


async def brought(owner: User, data: object) -> ImportJob:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    upload = SimpleUploadedFile("chats.json", content)
    return await sync_to_async(files.keep)(owner, upload)


async def done(owner: User, data: object) -> ImportJob:
    """After it has run to its end."""
    job = await brought(owner, data)
    assert await store.writing(job.claim, store.RUNNER)
    job.runner = store.RUNNER
    await run(job)
    await job.arefresh_from_db()
    return job


async def test_all_that_can_be_taken_is_and_the_rest_has_a_line_each(owner: User) -> None:
    tool = chatgpt(node("user", "q"), node("tool", "1"), conversation_id="c-2")
    job = await done(owner, [openai("q", "a"), {"odd": 1}, tool])
    assert (job.state, job.taken, job.refused, job.messages) == (JobState.DONE, 2, 1, 3)
    assert [note[0] for note in job.notes] == [2, 3]
    assert not job.path.exists()


async def test_the_same_file_twice_makes_no_second_copy(owner: User) -> None:
    for taken, known in ((2, 0), (0, 2)):
        job = await done(owner, [openai("one"), openai("two")])
        assert (job.taken, job.known) == (taken, known)
    assert await Conversation.objects.acount() == 2


async def test_lines_are_bounded_and_the_others_counted(owner: User) -> None:
    job = await done(owner, [{"odd": n} for n in range(MOST_NOTES + 5)])
    assert (len(job.notes), job.more_notes, job.refused) == (MOST_NOTES, 5, MOST_NOTES + 5)


@pytest.mark.parametrize(
    ("data", "fault"), [(b"no JSON", "not_json"), (b"", "nothing"), (b"PK\x03\x04", "zip_broken")]
)
async def test_a_file_that_is_none_ends_in_words(owner: User, data: bytes, fault: str) -> None:
    job = await done(owner, data)
    assert (job.state, job.fault) == (JobState.FAILED, fault)
    assert not job.path.exists()


async def test_a_file_that_may_be_read_another_day_stays(owner: User) -> None:
    job = await done(owner, {"format": "chatsite", "version": 9, "conversations": [{}]})
    assert (job.state, job.fault) == (JobState.FAILED, "newer")
    assert job.may_go_on


async def test_what_was_whole_before_the_file_broke_stays(owner: User) -> None:
    data = json.dumps([openai("one"), openai("two")]).encode() + b"\xff"
    job = await done(owner, data)
    assert (job.state, job.fault) == (JobState.FAILED, "encoding")
    assert job.taken == await Conversation.objects.acount()


async def test_a_file_that_is_gone_says_so(owner: User) -> None:
    job = await brought(owner, [openai("q")])
    job.path.unlink()
    await store.writing(job.claim, store.RUNNER)
    job.runner = store.RUNNER
    await run(job)
    await job.arefresh_from_db()
    assert (job.state, job.fault) == (JobState.FAILED, "gone")


async def test_only_one_claims_a_job(owner: User) -> None:
    job = await brought(owner, [openai("q")])
    assert await store.writing(job.claim, "one")
    assert not await store.writing(job.claim, "another")


async def test_whoever_stops_it_keeps_what_was_taken_so_far(owner: User) -> None:
    job = await brought(owner, [openai(f"q{n}") for n in range(3000)])
    await store.writing(job.claim, store.RUNNER)
    job.runner = store.RUNNER
    running = asyncio.create_task(run(job))
    while not await Conversation.objects.aexists():
        await asyncio.sleep(0.01)
    await store.writing(ImportJob.objects.filter(pk=job.pk).move, JobState.STOPPED)
    await running
    await job.arefresh_from_db()
    assert job.state == JobState.STOPPED
    assert 0 < await Conversation.objects.acount() < 3000


async def test_another_try_is_not_undone_by_the_run_that_was_stopped(owner: User) -> None:
    job = await brought(owner, [openai(f"q{n}") for n in range(3000)])
    await store.writing(job.claim, store.RUNNER)
    job.runner = store.RUNNER
    running = asyncio.create_task(run(job))
    client = AsyncClient()
    await client.aforce_login(owner)
    for act in ("stop", "again"):
        await client.post(f"/data/import/{job.pk}/{act}/")
    await running
    await job.arefresh_from_db()
    assert (job.state, job.runner) == (JobState.WAITING, "")


async def test_one_whose_process_went_away_is_interrupted_and_goes_on_when_asked(
    owner: User,
) -> None:
    job = await brought(owner, [openai("one"), openai("two")])
    await store.writing(job.claim, "a process that is gone")
    looking = asyncio.create_task(keep_importing())
    try:
        await _until(job, JobState.INTERRUPTED)
        await store.writing(ImportJob.objects.filter(pk=job.pk).move, JobState.WAITING)
        await _until(job, JobState.DONE)
    finally:
        looking.cancel()
    assert await Message.objects.acount() == 2


async def test_no_more_than_a_few_wait_for_one_user(owner: User) -> None:
    for _ in range(files.MOST_KEPT):
        await brought(owner, [openai("q")])
    with pytest.raises(files.TooManyError):
        await brought(owner, [openai("q")])


async def _until(job: ImportJob, state: JobState) -> Any:
    async with asyncio.timeout(30):
        while job.state != state:
            await asyncio.sleep(0.05)
            await job.arefresh_from_db()
