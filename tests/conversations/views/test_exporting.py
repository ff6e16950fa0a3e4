"""Downloads: for their owner, as attachments in which nothing can act."""

import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.utils import translation

from chatsite.models import User
from conversations.models import Conversation
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
def test_those_that_are_picked_are_the_users_own(
    as_sam: Client, chat: Conversation, sam: User
) -> None:
    mine = [a_conversation(sam, title, turns=1) for title in ("One", "Two")]
    query = {"id": [str(mine[0].pk), str(chat.pk)]}
    found = json.loads(body(as_sam.get("/data/export/json/", query)))
    assert [each["title"] for each in found["conversations"]] == ["One"]


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
    response = as_olivia.get(
        f"/c/{chat.pk}/export/{form}/", headers={"accept-language": "zh-hans"}
    )
    with translation.override("en"):
        assert "系统提示词" in body(response).decode()


@pytest.mark.parametrize("path", ["/data/export/pdf/", "/data/export/json/?id=no-id"])
def test_what_there_is_not_is_not_found(path: str, as_olivia: Client) -> None:
    assert as_olivia.get(path).status_code == 404
