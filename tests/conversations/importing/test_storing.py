"""What is stored of a conversation from elsewhere, and that it is all or nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from chatsite.models import User
from conversations.importing.rows import rows_of
from conversations.importing.storing import AT_ONCE, NotOursError, Taking, steps
from conversations.importing.values import Source
from conversations.models import Conversation, ImportedSource, ImportJob, Message, SearchEntry
from conversations.models.import_job import JobState
from conversations.purging import purge
from conversations.search.finding import first_hits
from tests.conversations.importing.files import chatgpt, node, openai, source
from tests.conversations.importing.taking import take


@pytest.fixture
def job(olivia: User) -> ImportJob:
    return ImportJob.objects.create(owner=olivia, state=JobState.RUNNING)


def taken(job: ImportJob, found: Source) -> Conversation:
    assert take(job, found)
    return Conversation.objects.get(owner=job.owner)


def test_an_imported_text_is_found(job: ImportJob, olivia: User) -> None:
    taken(job, source(openai("Where do the herons sleep?", "在树上")))
    assert len(first_hits(olivia, "herons")) == 1
    assert len(first_hits(olivia, "树上")) == 1


def test_a_stranger_does_not_find_it(job: ImportJob, sam: User) -> None:
    taken(job, source(openai("Where do the herons sleep?")))
    assert first_hits(sam, "herons") == []


def test_it_opens_like_any_other_and_every_version_is_there(
    job: ImportJob, as_olivia: Client
) -> None:
    answers = [node("assistant", text, key=text, parent="n1") for text in ("first", "second")]
    chat = taken(job, source([chatgpt(node("user", "q"), *answers, current_node="first")]))
    page = as_olivia.get(chat.get_absolute_url())
    assert "first" in page.text
    assert Message.objects.filter(conversation=chat).count() == 3


def test_a_title_that_is_missing_is_made_of_the_question(job: ImportJob) -> None:
    assert taken(job, source(openai("Why is the sky blue?"))).title == "Why is the sky blue?"


def test_messages_without_times_keep_their_order(job: ImportJob) -> None:
    chat = taken(job, source(openai(*map(str, range(20)))))
    rows = Message.objects.filter(conversation=chat).order_by("created_at", "pk")
    assert [row.content for row in rows] == list(map(str, range(20)))


def test_times_of_the_future_are_now(job: ImportJob) -> None:
    chat = taken(job, source([chatgpt(node("user", "q"), create_time=32503680000)]))
    assert chat.created_at <= job.created_at.replace(year=job.created_at.year + 1)


def test_one_that_breaks_on_the_way_leaves_nothing(job: ImportJob, olivia: User) -> None:
    found = source(openai("q", "a"))
    rows = rows_of(olivia.pk, found)
    rows.messages.append(rows.messages[0])
    with pytest.raises(IntegrityError):
        take(job, found, rows)
    assert not Conversation.objects.exists()
    assert not SearchEntry.objects.exists()


def test_nothing_is_taken_for_a_job_that_was_stopped(job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk).move(JobState.STOPPED)
    found = source(openai("q"))
    with pytest.raises(NotOursError):
        take(job, found)
    assert not Conversation.objects.exists()


# As many as take several transactions, and each follows the one after it in the file.
LARGE = 2 * AT_ONCE + 10


def large() -> Source:
    turns = [node("user", f"herons {n}", key=f"{n}", parent=f"{n + 1}") for n in range(LARGE)]
    turns[-1]["parent"] = "root"
    return source([chatgpt(*turns, current_node="0")])


def begun(job: ImportJob, found: Source, count: int) -> list[Callable[[], bool]]:
    """The steps that are left after so many."""
    left = list(steps(Taking(job, job.owner, found.key, rows_of(job.owner_id, found))))
    assert all(step() for step in left[:count])
    return left[count:]


@pytest.mark.django_db(transaction=True)
def test_a_large_one_is_stored_part_by_part_and_seen_when_it_is_whole(
    job: ImportJob, olivia: User
) -> None:
    for step in begun(job, large(), 3):
        assert not Conversation.objects.for_user(olivia).exists()
        assert first_hits(olivia, "herons") == []
        assert step()
    chat = Conversation.objects.for_user(olivia).get()
    assert Message.objects.filter(conversation=chat).count() == LARGE
    assert chat.leaf
    assert chat.leaf.content == "herons 0"


def test_no_part_of_a_large_one_is_large(job: ImportJob) -> None:
    before = 0
    for step in begun(job, large(), 0):
        step()
        counts = Message.objects.count() + SearchEntry.objects.count()
        assert counts - before <= AT_ONCE + 1
        before = counts


def test_what_was_stopped_half_way_is_seen_by_nobody_and_purged(
    job: ImportJob, olivia: User
) -> None:
    left = begun(job, large(), 2)
    ImportJob.objects.filter(pk=job.pk).move(JobState.STOPPED)
    with pytest.raises(NotOursError):
        left[0]()
    assert not Conversation.objects.for_user(olivia).exists()
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(days=2))
    purge()
    assert not Message.objects.exists()


def test_one_that_another_process_was_faster_with_is_there_once(
    job: ImportJob, olivia: User
) -> None:
    found = large()
    left = begun(job, found, 2)
    assert take(job, found)
    assert [step() for step in left][-1] is False
    assert Conversation.objects.for_user(olivia).count() == 1
    assert ImportedSource.objects.count() == 1
