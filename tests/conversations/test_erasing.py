"""All conversations of a user at once."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from chatsite.models import User
from conversations.erasing import erase
from conversations.importing import files
from conversations.models import Conversation, Draft, ImportJob, Message, QueuedMessage
from conversations.models.generation import State
from conversations.purging import purge
from tests.chats import a_conversation, add_turn


def test_everything_goes_and_nobody_elses(olivia: User, sam: User) -> None:
    a_conversation(olivia, turns=2)
    Draft.objects.create(owner=olivia, text="half a thought")
    kept = a_conversation(sam, turns=1)
    erase(olivia)
    assert not Draft.objects.exists()
    assert list(Conversation.objects.for_user(olivia)) == []
    assert list(Conversation.objects.for_user(sam)) == [kept]


def test_it_cannot_be_taken_back_and_the_next_purge_takes_it_off_the_disk(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    erase(olivia)
    assert list(Conversation.objects.deleted_by(olivia)) == []
    purge()
    assert not Message.objects.exists()


def test_files_that_wait_go_with_it(
    olivia: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = files.keep(olivia, SimpleUploadedFile("a.json", b"[]"))
    with django_capture_on_commit_callbacks(execute=True):
        erase(olivia)
        assert job.path.exists()
    assert not job.path.exists()
    assert not ImportJob.objects.exists()
    assert not list(Path(settings.IMPORT_DIR).glob(f"{job.pk}*"))


def test_the_answers_that_are_being_written_are_told(olivia: User) -> None:
    answer = add_turn(a_conversation(olivia), "q", "half", State.RUNNING)
    assert erase(olivia) == [answer]


def test_what_waits_to_be_sent_goes_with_it(olivia: User) -> None:
    chat, ids = a_conversation(olivia), {"send_id": uuid4(), "after": uuid4()}
    QueuedMessage.objects.create(conversation=chat, author=olivia, text="and then", **ids)
    erase(olivia)
    assert not QueuedMessage.objects.exists()
