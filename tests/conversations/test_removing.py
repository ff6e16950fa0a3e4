"""Deleting messages: what goes, what is shown in its place, and how it comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatsite.models import User
from conversations.access import deleted_message_for
from conversations.models import Message, SearchEntry
from conversations.models.conversation import UNDO_PERIOD
from conversations.purging import MESSAGES_AT_ONCE, purge
from conversations.removing import deleted_running, remove, restore
from conversations.search.finding import Wanted, find
from conversations.search.index import fill
from conversations.search.query import parse
from conversations.sending import send
from conversations.spending import spent_in
from tests.chats import a_conversation, a_model, a_question, asked
from tests.conversations.branching import texts_shown, version_beside


def _of(text: str) -> Message:
    return Message.objects.select_related("conversation").get(content=text)


def test_what_followed_goes_with_it(olivia: User) -> None:
    chat = a_conversation(olivia, turns=3)
    _chat, count = remove(_of("answer 1"))
    assert count == 3
    assert texts_shown(chat) == ["question 0", "answer 0", "question 1"]


def test_another_version_takes_its_place(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    version_beside(_of("answer 0"), "another")
    remove(_of("answer 0"))
    assert texts_shown(chat) == ["question 0", "another"]


def test_with_the_first_question_nothing_is_left(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    remove(_of("question 0"))
    assert texts_shown(chat) == []


def test_a_version_that_is_not_shown_goes_quietly(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    remove(version_beside(_of("question 0"), "another"))
    assert texts_shown(chat) == ["question 0", "answer 0"]


def test_it_comes_back_as_it_was(olivia: User) -> None:
    chat = a_conversation(olivia, turns=3)
    before = texts_shown(chat)
    version_beside(_of("answer 1"), "another")
    remove(_of("question 1"))
    restore(_of("question 1"))
    assert texts_shown(chat) == before


def test_what_had_been_deleted_before_stays_so(olivia: User) -> None:
    a_conversation(olivia, turns=3)
    remove(_of("answer 2"))
    remove(_of("question 1"))
    restore(_of("question 1"))
    assert _of("answer 2").deleted_at
    assert not _of("question 2").deleted_at


def test_nothing_comes_back_to_what_is_gone(olivia: User) -> None:
    a_conversation(olivia, turns=2)
    remove(_of("answer 1"))
    remove(_of("question 1"))
    with pytest.raises(Message.DoesNotExist):
        restore(_of("answer 1"))


def test_what_is_taken_back_twice_is_taken_back_once(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    remove(_of("question 1"))
    deleted = _of("question 1")
    restore(deleted)
    restore(deleted)
    assert texts_shown(chat)[-1] == "answer 1"


def test_a_chat_without_a_message_goes_on_with_a_first_one(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    remove(_of("question 0"))
    sent = send(olivia, a_question(a_model(), "anew"), chat)
    assert sent.question.parent is None
    assert texts_shown(chat) == ["anew", ""]


def test_no_search_finds_it_until_it_is_back(olivia: User) -> None:
    chat = a_conversation(olivia, "A chat", turns=2)
    for _ in fill(SearchEntry.objects.all(), type(chat).objects.none(), chat.messages.all()):
        pass
    remove(_of("question 1"))
    wanted = Wanted(parse("question"))
    assert [hit.snippet[0].text for hit in find(olivia, wanted).hits] == ["question"]
    restore(_of("question 1"))
    assert len(find(olivia, wanted).hits) == 2


def test_an_answer_among_it_that_is_being_written_is_to_be_stopped(olivia: User) -> None:
    sent = asked(olivia, a_model())
    assert deleted_running(sent.conversation) == []
    remove(sent.question)
    assert deleted_running(sent.conversation) == [sent.answer.pk]


def test_what_it_cost_is_still_counted(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    generation = chat.messages.get(content="answer 0").generation
    generation.completion_tokens = 7
    generation.save()
    remove(_of("answer 0"))
    assert spent_in(chat.pk).tokens == 7


@pytest.mark.parametrize(
    ("age", "left"), [(UNDO_PERIOD - timedelta(minutes=1), 6), (UNDO_PERIOD, 3)]
)
def test_it_is_kept_only_while_it_can_be_taken_back(
    olivia: User, age: timedelta, left: int
) -> None:
    chat = a_conversation(olivia, turns=3)
    remove(_of("answer 1"))
    Message.objects.exclude(deleted_at=None).update(deleted_at=timezone.now() - age)
    while purge():
        pass
    assert chat.messages.count() == left
    assert len(texts_shown(chat)) == 3


def test_a_branch_as_deep_as_any_goes_piece_by_piece(olivia: User) -> None:
    chat = a_conversation(olivia, turns=MESSAGES_AT_ONCE)
    remove(_of("question 0"))
    Message.objects.update(deleted_at=timezone.now() - 2 * UNDO_PERIOD)
    assert purge()
    assert chat.messages.count() == MESSAGES_AT_ONCE
    while purge():
        pass
    assert not chat.messages.exists()


def test_after_a_day_nobody_takes_it_back(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    remove(_of("answer 0"))
    assert deleted_message_for(olivia, _of("answer 0").pk)
    Message.objects.update(deleted_at=timezone.now() - 2 * UNDO_PERIOD)
    assert not Message.objects.deleted_by(olivia, timezone.now()).exists()
