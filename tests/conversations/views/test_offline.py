"""What a browser may keep of the site, for the time when it cannot reach it."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.models import Conversation
from tests.chats import a_conversation

PRIVATE = (b"csrf", b"<form", b"hx-", b"<button", b"<input")


@pytest.fixture
def chat(olivia: User) -> Conversation:
    return a_conversation(olivia, "Olivia's", turns=2)


def _version(response: Any) -> str:
    [line] = [line for line in response.text.splitlines() if line.startswith("const VERSION")]
    return str(line)


def test_the_offline_page_is_the_same_for_everybody(client: Client, as_olivia: Client) -> None:
    assert as_olivia.get("/offline/").content == client.get("/offline/").content


def test_the_offline_page_holds_no_token_and_no_form(as_olivia: Client) -> None:
    response = as_olivia.get("/offline/")
    assert not any(word in response.content for word in PRIVATE)
    assert "csrftoken" not in response.cookies


def test_the_worker_has_the_whole_site_and_is_looked_at_each_time(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Service-Worker-Allowed"] == "/"
    assert response["Cache-Control"] == "no-cache"


def test_the_worker_names_what_the_offline_page_needs(client: Client) -> None:
    first, *_rest = client.get("/sw.js").text.splitlines()
    shell = json.loads(first.removeprefix("const SHELL = ").removesuffix(";"))
    assert shell[0] == "/offline/"
    assert all(address in client.get("/offline/").text for address in shell[1:])


def test_another_language_is_another_version(client: Client) -> None:
    english = _version(client.get("/sw.js", headers={"Accept-Language": "en"}))
    chinese = _version(client.get("/sw.js", headers={"Accept-Language": "zh-hans"}))
    assert english != chinese


def test_a_copy_can_only_be_read(as_olivia: Client, chat: Conversation) -> None:
    response = as_olivia.get(f"/c/{chat.pk}/copy/")
    assert b"answer 1" in response.content
    assert not any(word in response.content for word in PRIVATE)


def test_a_copy_is_for_no_cache_on_its_way(as_olivia: Client, chat: Conversation) -> None:
    assert as_olivia.get(f"/c/{chat.pk}/copy/")["Cache-Control"] == "no-store"


def test_a_copy_costs_the_same_whatever_its_length(
    as_olivia: Client, olivia: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for turns in (1, 9):
        longer = a_conversation(olivia, turns=turns)
        with django_assert_num_queries(7):
            as_olivia.get(f"/c/{longer.pk}/copy/")


def test_a_stranger_is_told_of_no_chat(
    as_sam: Client, as_olivia: Client, chat: Conversation
) -> None:
    asked = f"/offline/known/?id={chat.pk}&id={uuid4()}&id=no-id"
    assert as_olivia.get(asked).json() == {"known": [str(chat.pk)]}
    assert as_sam.get(asked).json() == {"known": []}


def test_a_deleted_chat_is_known_no_more(as_olivia: Client, chat: Conversation) -> None:
    as_olivia.post(f"/c/{chat.pk}/delete/")
    assert as_olivia.get(f"/offline/known/?id={chat.pk}").json() == {"known": []}


@pytest.mark.parametrize("path", ["/offline/chats/", "/offline/known/"])
def test_nobody_is_led_to_the_log_in(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
