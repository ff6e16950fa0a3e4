"""Which versions a message has, and what is shown when another one is turned to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.branch import branch_ids
from conversations.models import Message
from conversations.sending import edit
from conversations.versions import Versions, turn_to, versions_of
from tests.chats import a_conversation, a_model, a_question, add_turn
from tests.conversations.branching import texts_shown, version_beside


def test_a_message_without_others_beside_it_has_no_versions(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    assert versions_of(list(chat.messages.all())) == {}


def test_versions_are_counted_from_the_oldest(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    first = chat.messages.get(content="question 0")
    second, third = version_beside(first, "again"), version_beside(first, "and again")
    assert versions_of([second])[second.pk] == Versions(2, 3, first.pk, third.pk)


def test_what_is_deleted_is_no_version(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    first = chat.messages.get(content="question 0")
    Message.objects.filter(pk=version_beside(first, "gone").pk).update(deleted_at=chat.created_at)
    assert versions_of([first]) == {}


def test_the_first_question_of_another_chat_is_no_version(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    chat = a_conversation(olivia, turns=1)
    assert versions_of(list(chat.messages.all())) == {}


@pytest.mark.parametrize("count", [1, 30])
def test_many_versions_cost_as_many_queries_as_one(
    olivia: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chat = a_conversation(olivia, turns=3)
    for message in chat.messages.all():
        for number in range(count):
            version_beside(message, f"version {number}")
    shown = list(chat.messages.filter(content__contains=" 1"))
    with django_assert_num_queries(1):
        versions_of(shown)


def test_the_way_back_leads_to_where_a_branch_was_left(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    first = chat.messages.get(content="question 0")
    left = branch_ids(chat)
    # Newer than the answer that was shown, and not what the reader had before them.
    version_beside(chat.messages.get(content="answer 0"), "another")
    other = turn_to(version_beside(first, "edited"))
    assert texts_shown(other) == ["edited"]
    assert branch_ids(turn_to(first)) == left


def test_a_message_in_view_changes_nothing(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    assert turn_to(chat.messages.get(content="question 0")).leaf_id == chat.leaf_id


def test_a_branch_that_nobody_saw_ends_with_the_newest_replies(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    other = version_beside(chat.messages.get(content="question 0"), "other")
    for text in ("older", "newer"):
        chat.leaf_id = other.pk
        add_turn(chat, text, f"to {text}")
    turn_to(other)
    assert texts_shown(chat) == ["other", "newer", "to newer"]


def test_a_turn_reads_no_more_of_a_long_chat_than_of_a_short_one(olivia: User) -> None:
    """However many messages it has, a constant number of queries, each of a row or none."""
    assert _queries_of_a_turn(olivia, turns=1) == _queries_of_a_turn(olivia, turns=60)


def test_an_edit_stays_beside_each_other_edit_of_the_same(olivia: User) -> None:
    chat, model = a_conversation(olivia, turns=1), a_model()
    question = chat.messages.get(content="question 0")
    for text in ("from one tab", "from another"):
        sent = edit(olivia, a_question(model, text), question)
    assert versions_of([sent.question])[sent.question.pk].count == 3
    assert texts_shown(sent.conversation)[0] == "from another"


def _queries_of_a_turn(owner: User, turns: int) -> int:
    chat = a_conversation(owner, turns=turns)
    first = version_beside(chat.messages.get(content="question 0"), "beside")
    with CaptureQueriesContext(connection) as queries:
        turn_to(first)
    return len(queries)
