"""What is stored of a conversation from elsewhere, and that it is all or nothing."""

import pytest
from django.db import IntegrityError
from django.test import Client

from chatsite.models import User
from conversations.importing.rows import rows_of
from conversations.importing.storing import NotOursError, store
from conversations.importing.values import Source
from conversations.models import Conversation, ImportJob, Message, SearchEntry
from conversations.models.import_job import JobState
from conversations.search.finding import first_hits
from tests.conversations.importing.files import chatgpt, node, openai, source


@pytest.fixture
def job(olivia: User) -> ImportJob:
    return ImportJob.objects.create(owner=olivia, state=JobState.RUNNING)


def taken(job: ImportJob, found: Source) -> Conversation:
    assert store(job, job.owner, found.key, rows_of(job.owner_id, found))
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
        store(job, olivia, found.key, rows)
    assert not Conversation.objects.exists()
    assert not SearchEntry.objects.exists()


def test_nothing_is_taken_for_a_job_that_was_stopped(job: ImportJob, olivia: User) -> None:
    ImportJob.objects.filter(pk=job.pk).move(JobState.STOPPED)
    found = source(openai("q"))
    with pytest.raises(NotOursError):
        store(job, olivia, found.key, rows_of(olivia.pk, found))
    assert not Conversation.objects.exists()
