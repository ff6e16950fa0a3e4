"""What the site knows of somebody: theirs to take along, and to have deleted."""

import json
from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import Client

from chatsite.accounts.throttle import LIMIT
from chatsite.models import User
from conversations.models import (
    Conversation,
    Draft,
    Folder,
    Preset,
    Prompt,
    QueuedMessage,
    Share,
    Tag,
)
from providers.models import Key, Provider
from tests.chats import a_conversation
from tests.people import PASSWORD

DELETE = "/accounts/data/delete/"


def taken_along(client: Client) -> tuple[str, dict[str, Any]]:
    response = cast("StreamingHttpResponse", client.get("/accounts/data/"))

    async def read() -> bytes:
        return b"".join(
            [part async for part in cast("AsyncIterator[bytes]", response.streaming_content)]
        )

    text = async_to_sync(read)().decode()
    return text, json.loads(text)


def _keeps_things(owner: User, chat: Conversation) -> None:
    chat.tags.add(Tag.objects.create(owner=owner, name="rye", folded="rye"))
    chat.folder = Folder.objects.create(owner=owner, name=f"{owner}'s folder")
    chat.save()
    Preset.objects.create(owner=owner, name=f"{owner}'s preset")
    Prompt.objects.create(owner=owner, name=f"{owner}'s prompt", text="Explain {{word}}")


@pytest.mark.django_db(transaction=True)
def test_the_account_is_in_it_without_its_secrets(as_olivia: Client, olivia: User) -> None:
    provider = Provider.objects.create(name="Mine", base_url="https://own.example/v1", owner=olivia)
    key = Key(provider=provider)
    key.seal("sk-never-told")
    key.save()
    Draft.objects.create(owner=olivia, text="half a thought")
    text, found = taken_along(as_olivia)
    assert found["account"]["username"] == "olivia"
    assert found["account"]["providers"] == [{"name": "Mine", "base_url": "https://own.example/v1"}]
    assert found["account"]["drafts"] == ["half a thought"]
    assert "sk-never" not in text
    assert olivia.password not in text


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_for_conversations_is_in_it_and_nobody_elses(
    as_olivia: Client, olivia: User, sam: User
) -> None:
    chat = a_conversation(olivia, turns=1)
    _keeps_things(olivia, chat)
    _keeps_things(sam, a_conversation(sam, turns=1))
    _text, found = taken_along(as_olivia)
    account, held = found["account"], [found["conversations"][0]["id"]]
    assert account["tags"] == [{"name": "rye", "conversations": held}]
    assert [(each["name"], each["conversations"]) for each in account["folders"]] == [
        ("olivia's folder", held)
    ]
    assert account["prompts"] == [{"name": "olivia's prompt", "text": "Explain {{word}}"}]
    assert [each["name"] for each in account["presets"]] == ["olivia's preset"]


@pytest.mark.django_db(transaction=True)
def test_the_address_of_what_is_shared_is_not_in_it(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    share = Share.objects.create(conversation=chat, title="Tides")
    text, found = taken_along(as_olivia)
    assert [each["title"] for each in found["account"]["shared"]] == ["Tides"]
    assert share.token not in text


@pytest.mark.django_db(transaction=True)
def test_every_conversation_is_in_it_and_nobody_elses(
    as_olivia: Client, olivia: User, sam: User
) -> None:
    a_conversation(olivia, "Olivia's", turns=1)
    a_conversation(sam, "Sam's", turns=1)
    _text, found = taken_along(as_olivia)
    assert [each["title"] for each in found["conversations"]] == ["Olivia's"]


@pytest.mark.django_db(transaction=True)
def test_what_waits_in_a_deleted_chat_is_not_in_it(as_olivia: Client, olivia: User) -> None:
    for title in ("kept", "deleted"):
        chat, ids = a_conversation(olivia, title), {"send_id": uuid4(), "after": uuid4()}
        QueuedMessage.objects.create(conversation=chat, author=olivia, text=title, **ids)
    chat.delete_softly()
    _text, found = taken_along(as_olivia)
    assert found["account"]["waiting"] == ["kept"]


def test_all_conversations_are_deleted_with_the_password(
    as_olivia: Client, olivia: User, sam: User
) -> None:
    a_conversation(olivia, turns=1)
    a_conversation(sam, turns=1)
    assert as_olivia.post(DELETE, {"password": PASSWORD})["Location"] == "/data/"
    assert not Conversation.objects.for_user(olivia).exists()
    assert Conversation.objects.for_user(sam).exists()
    assert User.objects.filter(pk=olivia.pk).exists()


def test_what_was_kept_for_them_goes_along(as_olivia: Client, olivia: User, sam: User) -> None:
    for user in (olivia, sam):
        _keeps_things(user, a_conversation(user, turns=1))
    as_olivia.post(DELETE, {"password": PASSWORD})
    for kind in (Folder, Tag, Preset, Prompt):
        assert [each.owner for each in kind._default_manager.all()] == [sam]


@pytest.mark.parametrize("password", ["", "not it"])
def test_nothing_is_deleted_without_it(as_olivia: Client, olivia: User, password: str) -> None:
    a_conversation(olivia, turns=1)
    assert as_olivia.post(DELETE, {"password": password}).status_code == 422
    assert Conversation.objects.for_user(olivia).exists()


def test_guessing_is_slow(as_olivia: Client, olivia: User) -> None:
    for _ in range(LIMIT):
        as_olivia.post(DELETE, {"password": "not it"})
    assert as_olivia.post(DELETE, {"password": PASSWORD}).status_code == 429


def test_nobody_is_led_to_the_log_in(client: Client, db: None) -> None:
    assert client.post(DELETE, {"password": PASSWORD})["Location"].startswith("/accounts/login/")
