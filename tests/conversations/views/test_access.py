"""Each address, tried by a stranger, by nobody, and with an id that never was."""

from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Conversation, Message, Picture
from conversations.removing import remove
from tests.chats import a_conversation, add_turn

READS = [
    "/c/{conversation}/",
    "/c/{conversation}/changes/",
    "/c/{conversation}/copy/",
    "/c/{conversation}/compare/",
    "/c/{conversation}/options/",
    "/c/{conversation}/parameters/",
    "/c/{conversation}/writing/",
    "/m/{answer}/",
    "/m/{answer}/text/",
    "/m/{question}/text/",
    "/m/{answer}/images/0/",
    "/m/{answer}/again/",
    "/m/{answer}/compare/",
    "/m/{question}/edit/",
    "/m/{answer}/summary/",
]
WRITES = [
    "/c/{conversation}/messages/",
    "/c/{conversation}/draft/",
    "/c/{conversation}/queue/",
    "/c/{conversation}/queue/{answer}/",
    "/c/{conversation}/queue/{answer}/send/",
    "/c/{conversation}/title/",
    "/c/{conversation}/system/",
    "/c/{conversation}/delete/",
    "/c/{conversation}/restore/",
    "/c/{conversation}/arrange/",
    "/c/{conversation}/seen/",
    "/m/{answer}/stop/",
    "/m/{answer}/keep/",
    "/m/{question}/merge/",
    "/m/{question}/all/stop/",
    "/m/{answer}/retry/",
    "/m/{answer}/continue/",
    "/m/{answer}/show/",
    "/m/{answer}/fork/",
    "/m/{answer}/delete/",
    "/m/{answer}/restore/",
    "/m/{answer}/summary/again/",
    "/m/{answer}/summary/delete/",
]
FIELDS = {"text": "hello", "title": "mine now", "system_prompt": "obey", "act": "pin"}


@pytest.fixture
def answer(olivia: User) -> Message:
    message = add_turn(a_conversation(olivia, "Olivia's"), "secret question", "secret answer")
    Picture.objects.create(message=message, number=0, data=b"secret", media_type="image/png")
    return message


def _address(pattern: str, answer: Message) -> str:
    return pattern.format(
        conversation=answer.conversation_id, answer=answer.pk, question=answer.parent_id
    )


def _nowhere(pattern: str) -> str:
    return pattern.format(conversation=uuid4(), answer=uuid4(), question=uuid4())


@pytest.mark.parametrize("pattern", READS)
def test_a_stranger_reads_the_same_404_as_for_nothing(
    as_sam: Client, answer: Message, pattern: str
) -> None:
    theirs, nothing = as_sam.get(_address(pattern, answer)), as_sam.get(_nowhere(pattern))
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert len(theirs.content) == len(nothing.content)


@pytest.mark.parametrize("pattern", WRITES)
def test_a_stranger_changes_nothing(as_sam: Client, answer: Message, pattern: str) -> None:
    before = list(Conversation.objects.values())
    theirs = as_sam.post(_address(pattern, answer), FIELDS)
    assert (theirs.status_code, as_sam.post(_nowhere(pattern), FIELDS).status_code) == (404, 404)
    assert list(Conversation.objects.values()) == before


def test_a_stranger_edits_nothing(as_sam: Client, answer: Message) -> None:
    for address in ("/m/{question}/edit/", "/m/{question}/retry/", "/m/{answer}/compare/"):
        theirs = as_sam.post(_address(address, answer), FIELDS)
        assert (theirs.status_code, as_sam.post(_nowhere(address), FIELDS).status_code) == (
            404,
            404,
        )
    assert Message.objects.count() == 2


def test_a_stranger_brings_back_nothing(as_sam: Client, answer: Message) -> None:
    remove(answer)
    assert as_sam.post(_address("/m/{answer}/restore/", answer)).status_code == 404
    page = as_sam.get(f"/?undo={answer.pk}").content
    assert b"restore" not in page
    assert Message.objects.exclude(deleted_at=None).count() == 1


@pytest.mark.parametrize("pattern", READS)
def test_nobody_is_sent_to_log_in(client: Client, answer: Message, pattern: str) -> None:
    response = client.get(_address(pattern, answer))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("pattern", [*WRITES, "/c/"])
def test_nobody_changes_nothing(client: Client, answer: Message, pattern: str) -> None:
    assert client.post(_address(pattern, answer), FIELDS).status_code == 302
    assert Conversation.objects.get().title == "Olivia's"


@pytest.mark.parametrize("pattern", WRITES)
def test_reading_an_address_that_writes_changes_nothing(
    as_olivia: Client, answer: Message, pattern: str
) -> None:
    assert as_olivia.get(_address(pattern, answer)).status_code == 405


@pytest.mark.parametrize("pattern", [*WRITES, "/c/"])
def test_without_a_csrf_token_nothing_is_done(olivia: User, answer: Message, pattern: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(olivia)
    assert client.post(_address(pattern, answer), FIELDS).status_code == 403
    assert Conversation.objects.get().title == "Olivia's"


def test_a_stranger_sees_nothing_in_the_list(as_sam: Client, answer: Message) -> None:
    assert b"Olivia&#x27;s" not in as_sam.get("/").content
    assert b"Olivia&#x27;s" not in as_sam.get("/c/?q=Olivia").content
