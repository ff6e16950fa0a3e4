"""The head of a conversation: another one for each thing that a page would show otherwise."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.heads import GONE, heads
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from tests.chats import a_conversation, a_model, add_turn


def head_of(conversation: Conversation) -> str:
    asked = (conversation.owner_id, conversation.pk)
    return heads([asked])[asked]


def show_another(conversation: Conversation) -> None:
    conversation.show(add_turn(conversation, "more", "of it"), None)


@pytest.mark.parametrize(
    "change",
    [
        lambda chat: chat.rename("Another"),
        lambda chat: chat.instruct("Be brief"),
        lambda chat: chat.show(chat.leaf, a_model()),
        show_another,
        lambda chat: Generation.objects.update(state=State.STOPPED),
        lambda chat: Generation.objects.get().resume("x"),
        lambda chat: chat.delete_softly(),
    ],
    ids=["title", "prompt", "model", "question", "end", "continued", "deleted"],
)
def test_it_is_another_one_after(olivia: User, change: Callable[[Conversation], object]) -> None:
    chat = a_conversation(olivia, turns=1)
    Generation.objects.update(state=State.INTERRUPTED)
    before = head_of(chat)
    change(chat)
    assert head_of(chat) != before


def test_a_stranger_reads_of_it_what_is_said_of_none(olivia: User, sam: User) -> None:
    asked = [(sam.pk, a_conversation(olivia).pk), (sam.pk, uuid4())]
    assert set(heads(asked).values()) == {GONE}


@pytest.mark.parametrize("count", [1, 30])
def test_many_cost_as_many_queries_as_one(
    olivia: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked = [(olivia.pk, a_conversation(olivia, turns=1).pk) for _ in range(count)]
    with django_assert_num_queries(1):
        assert GONE not in heads(asked).values()


def test_the_page_has_its_parts(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    answer = Message.objects.select_related("generation").get(pk=str(chat.leaf_id))
    parts = [chat.stamp, "", str(answer.pk), answer.generation.stamp, "", ""]
    assert head_of(chat) == "/".join(parts)
