"""What is being written is kept for whoever writes it, and gone once it is sent."""

from uuid import uuid4

import pytest
from django.test import Client

from chatsite.models import User
from conversations.models import Draft
from conversations.sending import send
from tests.chats import a_conversation, a_model, a_question

BIG = "x" * (256 * 1024 + 1)


def save(client: Client, address: str, text: str, send_id: object = None) -> int:
    fields = {"text": text, "send_id": send_id or uuid4()}
    return client.post(f"{address}draft/", fields).status_code


@pytest.mark.parametrize("address", ["/c/", "/c/{conversation}/"])
def test_it_is_there_when_its_page_is_opened_again(
    as_olivia: Client, olivia: User, address: str
) -> None:
    address = address.format(conversation=a_conversation(olivia).pk)
    assert save(as_olivia, address, "half a sent") == 204
    page = as_olivia.get("/" if address == "/c/" else address)
    assert b">half a sent</textarea>" in page.content


def test_each_chat_has_its_own(as_olivia: Client, olivia: User) -> None:
    one, other = a_conversation(olivia), a_conversation(olivia)
    save(as_olivia, one.get_absolute_url(), "only here")
    assert b"only here" not in as_olivia.get(other.get_absolute_url()).content
    assert b"only here" not in as_olivia.get("/").content


def test_whoever_writes_last_is_kept(as_olivia: Client, olivia: User) -> None:
    for text in ("first", "second"):
        save(as_olivia, "/c/", text)
    assert list(Draft.objects.values_list("owner", "text")) == [(olivia.pk, "second")]


def test_an_emptied_box_leaves_nothing(as_olivia: Client) -> None:
    save(as_olivia, "/c/", "something")
    save(as_olivia, "/c/", " \n")
    assert not Draft.objects.exists()


def test_sending_takes_it_away_and_that_of_no_other_chat(as_olivia: Client, olivia: User) -> None:
    conversation, model = a_conversation(olivia), a_model()
    for address in ("/c/", conversation.get_absolute_url()):
        save(as_olivia, address, "a text")
    send(olivia, a_question(model), conversation)
    assert [draft.conversation for draft in Draft.objects.all()] == [None]
    send(olivia, a_question(model))
    assert not Draft.objects.exists()


def test_a_draft_that_its_send_overtook_does_not_come_back(as_olivia: Client, olivia: User) -> None:
    question = a_question(a_model())
    conversation = send(olivia, question).conversation
    assert save(as_olivia, conversation.get_absolute_url(), "late", question.send_id) == 204
    assert save(as_olivia, "/c/", "late", question.send_id) == 204
    assert not Draft.objects.exists()


def test_a_stranger_reads_and_writes_none(as_olivia: Client, as_sam: Client, olivia: User) -> None:
    address = a_conversation(olivia).get_absolute_url()
    save(as_olivia, "/c/", "a secret")
    save(as_olivia, address, "a secret")
    assert save(as_sam, address, "mine now") == 404
    assert b"a secret" not in as_sam.get("/").content
    assert Draft.objects.get(conversation__isnull=False).text == "a secret"


def test_what_could_never_be_sent_is_not_kept(as_olivia: Client) -> None:
    assert save(as_olivia, "/c/", BIG) == 422
    assert not Draft.objects.exists()


def test_nobody_is_told_to_log_in(client: Client) -> None:
    fields = {"text": "x", "send_id": uuid4()}
    assert client.post("/c/draft/", fields, headers={"hx-request": "true"}).status_code == 401
