"""What a page is given that is behind: no more than it lacks, and nobody else's."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.branch import PAGE
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from tests.chats import a_conversation, a_summary, add_turn
from tests.conversations.branching import version_beside

HTMX = {"HX-Request": "true"}


def shown_by(chat: Conversation) -> dict[str, str]:
    """The names and runs of a page that shows all of it."""
    messages = Message.objects.filter(conversation=chat).select_related("generation")
    return {
        message.dom_id.removeprefix("m-"): message.generation.stamp if not message.send_id else ""
        for message in messages.order_by("created_at")
    }


def changes(client: Client, chat: Conversation, shown: Mapping[str, str], stamp: str = "") -> Any:
    fields = {
        "shown": ",".join(f"{name}:{run}" for name, run in shown.items()),
        "stamp": stamp or chat.stamp,
    }
    return client.get(f"{chat.get_absolute_url()}changes/", fields, headers=HTMX)


def more(chat: Conversation, question: str = "more", answer: str = "of it") -> Message:
    leaf = add_turn(chat, question, answer)
    chat.show(leaf, None)
    return leaf


def test_a_page_that_lacks_nothing_gets_no_message(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    page = changes(as_olivia, chat, shown_by(chat)).content.decode()
    assert "<article" not in page
    assert "chat-header" not in page


def test_it_gets_the_turns_that_came_since(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    shown = shown_by(chat)
    more(chat)
    page = changes(as_olivia, chat, shown).content.decode()
    assert page.count("<article") == 2
    assert 'hx-target="#messages" hx-swap="beforeend"' in page


def test_an_answer_that_went_on_takes_its_own_place(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    shown = shown_by(chat)
    Generation.objects.update(state=State.STOPPED)
    page = changes(as_olivia, chat, shown).content.decode()
    assert f'hx-target="#m-{chat.leaf_id}" hx-swap="outerHTML"' in page
    assert page.count("<article") == 1


def test_an_answer_that_it_is_being_sent_is_left_alone(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    shown = {**shown_by(chat), str(chat.leaf_id): "-"}
    assert b"<article" not in changes(as_olivia, chat, shown).content


def test_a_summary_that_it_does_not_show_comes_with_its_message(
    as_olivia: Client, olivia: User
) -> None:
    chat = a_conversation(olivia, turns=2)
    shown, first = shown_by(chat), Message.objects.get(content="answer 0")
    stamp = a_summary(first).stamp
    assert changes(as_olivia, chat, shown).content.decode().count("<article") == 1
    shown[str(first.pk)] += f"+{stamp}"
    assert b"<article" not in changes(as_olivia, chat, shown).content


def test_an_answer_that_is_not_shown_any_more_goes(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    shown, old = shown_by(chat), chat.leaf
    assert old is not None
    newer = Message.objects.create(
        conversation=chat, parent_id=old.parent_id, role=old.role, content="newer"
    )
    Generation.objects.create(message=newer, lease_until=newer.created_at)
    chat.show(newer, None)
    page = changes(as_olivia, chat, shown).content.decode()
    assert f'hx-target="[id=&quot;m-{old.pk}&quot;]" hx-swap="delete"' in page
    assert page.count("<article") == 1


@pytest.mark.parametrize("turns", [1, PAGE])
def test_a_page_with_nothing_of_it_gets_the_last_messages_anew(
    as_olivia: Client, olivia: User, turns: int
) -> None:
    chat = a_conversation(olivia, turns=turns)
    page = changes(as_olivia, chat, {str(uuid4()): ""}).content.decode()
    assert 'hx-target="#messages" hx-swap="innerHTML"' in page
    assert page.count("<article") == min(2 * turns, PAGE)


def test_what_was_said_brings_the_chat_up_the_list(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    shown = shown_by(chat)
    more(chat)
    assert b"<chat-fresh" in changes(as_olivia, chat, shown).content


def test_another_version_in_view_leaves_the_list_as_it_is(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    shown, question = shown_by(chat), chat.messages.get(content="question 0")
    more(a_conversation(olivia, "Newer"))
    chat.turn_to(version_beside(question, "other").pk)
    page = changes(as_olivia, chat, shown).content.decode()
    assert "other<" in page
    assert "<chat-fresh" not in page


def test_another_name_brings_the_header(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    stamp = chat.stamp
    chat.rename("Quite another")
    page = changes(as_olivia, chat, shown_by(chat), stamp).content.decode()
    assert 'data-title="Quite another – Chatsite"' in page


def test_a_deleted_chat_says_so_with_the_way_back(as_olivia: Client, olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    chat.delete_softly()
    page = changes(as_olivia, chat, {}).content.decode()
    assert "This chat was deleted" in page
    assert f"{chat.get_absolute_url()}restore/" in page


@pytest.mark.parametrize("shown", ["", "x", "::,,", '"]:<b>,' * 9, "-" * 36 + ":x"])
def test_nonsense_is_as_good_as_nothing(as_olivia: Client, olivia: User, shown: str) -> None:
    chat = a_conversation(olivia, turns=1)
    address = f"{chat.get_absolute_url()}changes/"
    page = as_olivia.get(address, {"shown": shown}, headers=HTMX)
    assert page.status_code == 200
    assert b"<b>" not in page.content


@pytest.mark.parametrize("turns", [1, 15])
def test_many_turns_cost_as_many_queries_as_one(
    as_olivia: Client, olivia: User, turns: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chat = a_conversation(olivia, turns=1)
    shown = shown_by(chat)
    for _ in range(turns):
        more(chat)
    with django_assert_num_queries(16):
        changes(as_olivia, chat, shown)
