"""Downloads: for their owner, as attachments in which nothing can act."""

import io
import json
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.utils import translation

from chatsite.models import User
from conversations.arranging import MOST_CHATS
from conversations.models import Conversation, Folder
from tests.chats import a_conversation

FORMS = ("json", "markdown", "html")


@pytest.fixture
def chat(olivia: User) -> Conversation:
    return a_conversation(olivia, "Olivia's / chat", turns=2)


def body(response: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return async_to_sync(read)()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS)
def test_a_conversation_is_downloaded(form: str, as_olivia: Client, chat: Conversation) -> None:
    response = as_olivia.get(f"/c/{chat.pk}/export/{form}/")
    assert "answer 1" in body(response).decode()
    assert response["Content-Disposition"].startswith("attachment; filename=\"Olivia's chat.")


@pytest.mark.parametrize("form", FORMS)
def test_what_is_downloaded_can_run_nothing(
    form: str, as_olivia: Client, chat: Conversation
) -> None:
    response = as_olivia.get(f"/c/{chat.pk}/export/{form}/")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_gets_the_same_404_as_for_nothing(
    form: str, as_sam: Client, chat: Conversation
) -> None:
    for pk in (chat.pk, uuid4()):
        assert as_sam.get(f"/c/{pk}/export/{form}/").status_code == 404


@pytest.mark.parametrize("path", ["/data/", "/data/export/json/", "/accounts/data/"])
def test_nobody_is_led_to_the_log_in(path: str, client: Client, db: None) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.django_db(transaction=True)
def test_all_of_it_holds_nobody_elses(as_sam: Client, chat: Conversation, sam: User) -> None:
    a_conversation(sam, "Sam's", turns=1)
    found = json.loads(body(as_sam.get("/data/export/json/")))
    assert [each["title"] for each in found["conversations"]] == ["Sam's"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("several", [True, False])
def test_those_that_are_picked_are_the_users_own(
    several: bool, as_sam: Client, chat: Conversation, sam: User
) -> None:
    mine = [a_conversation(sam, title, turns=1) for title in ("One", "Two")]
    keys = [str(mine[0].pk), str(chat.pk)]
    fields = {"chat": keys} if several else {"chats": ",".join(keys)}
    found = json.loads(body(as_sam.post("/c/export/json/", fields)))
    assert [each["title"] for each in found["conversations"]] == ["One"]


@pytest.mark.parametrize(
    ("count", "words"), [(0, "Pick a chat first."), (MOST_CHATS + 1, f"At most {MOST_CHATS}")]
)
def test_none_or_too_many_that_are_picked_are_told(
    count: int, words: str, as_olivia: Client
) -> None:
    response = as_olivia.post("/c/export/json/", {"chats": ",".join([str(uuid4())] * count)})
    assert response.status_code == 422
    assert words in response.text


def test_what_is_no_id_is_not_found(as_olivia: Client) -> None:
    assert as_olivia.post("/c/export/json/", {"chat": "no-id"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_folder_goes_out_with_all_that_is_in_it(
    as_olivia: Client, chat: Conversation, olivia: User
) -> None:
    folder = Folder.objects.create(owner=olivia, name="Work")
    archived = a_conversation(olivia, "Archived", turns=1)
    a_conversation(olivia, "Elsewhere", turns=1)
    inside = Conversation.objects.filter(pk__in=[chat.pk, archived.pk])
    inside.update(folder=folder)
    Conversation.objects.filter(pk=archived.pk).update(archived_at=archived.created_at)
    found = json.loads(body(as_olivia.get(f"/folders/{folder.pk}/export/json/")))
    assert [each["title"] for each in found["conversations"]] == ["Olivia's / chat", "Archived"]


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_finds_no_folder(form: str, as_sam: Client, olivia: User) -> None:
    folder = Folder.objects.create(owner=olivia, name="Work")
    for pk in (folder.pk, uuid4()):
        assert as_sam.get(f"/folders/{pk}/export/{form}/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_archives_can_be_opened(form: str, as_olivia: Client, chat: Conversation) -> None:
    data = body(as_olivia.get(f"/data/export/{form}/"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        [name] = archive.namelist()
        assert b"answer 1" in archive.read(name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_it_is_in_the_language_of_whoever_asked_whoever_sends_it(
    form: str, as_olivia: Client, chat: Conversation
) -> None:
    chat.instruct("Be brief.")
    response = as_olivia.get(f"/c/{chat.pk}/export/{form}/", headers={"accept-language": "zh-hans"})
    with translation.override("en"):
        assert "系统提示词" in body(response).decode()


@pytest.mark.parametrize("path", ["/data/export/pdf/", f"/folders/{UUID(int=0)}/export/json/"])
def test_what_there_is_not_is_not_found(path: str, as_olivia: Client) -> None:
    assert as_olivia.get(path).status_code == 404
