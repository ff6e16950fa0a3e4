"""Titles by a model: for whom, of what, once, and never over one that somebody chose."""

from collections.abc import Callable

import pytest

from chatsite.models import User
from conversations.aside.titling import EXCERPT, claim, excerpt, keep
from conversations.models import Conversation, Message, SearchEntry, Titling
from conversations.models.conversation import Titled
from conversations.sending import send
from providers.models import Model
from tests.chats import a_model, a_question, add_turn


@pytest.fixture
def first(olivia: User) -> Message:
    """The first answer of a chat whose owner wants titles."""
    Titling.objects.create(user=olivia, model=a_model(model_id="titles"))
    sent = send(olivia, a_question(a_model(), "Why is the sky blue?"))
    sent.answer.keep(content="Because of the air.")
    return sent.answer


def chat() -> Conversation:
    return Conversation.objects.get()


def test_the_model_that_was_named_is_sent_question_and_answer(first: Message) -> None:
    question = claim(first.pk)
    assert question is not None
    assert question.request.model == "titles"
    told = question.request.messages[-1].text
    assert told == "User:\nWhy is the sky blue?\n\nAssistant:\nBecause of the air."


def test_it_is_asked_once(first: Message) -> None:
    assert claim(first.pk)
    assert claim(first.pk) is None


@pytest.mark.parametrize(
    ("question", "answer"), [(10, 10), (10, 9000), (9000, 10), (9000, 9000), (0, 9000)]
)
def test_no_more_than_the_excerpt_is_sent(question: int, answer: int) -> None:
    asked, said = excerpt("q" * question, "a" * answer)
    assert len(asked) + len(said) <= EXCERPT == 2000
    assert len(said) == min(answer, EXCERPT - len(asked))


@pytest.mark.parametrize(
    "change",
    [
        lambda: Titling.objects.all().delete(),
        lambda: Model.objects.filter(model_id="titles").update(enabled=False),
        lambda: Model.objects.filter(model_id="titles").delete(),
        lambda: chat().rename("Mine"),
        lambda: chat().rename(chat().title),
    ],
    ids=["switched off", "not offered", "gone", "renamed", "kept by hand"],
)
def test_nobody_is_asked(first: Message, change: Callable[[], object]) -> None:
    change()
    assert claim(first.pk) is None


def test_of_a_later_answer_no_title_is_made(first: Message) -> None:
    later = add_turn(chat(), "And why?", "That is why.")
    assert claim(later.pk) is None


def test_what_it_says_is_the_title_and_found(first: Message) -> None:
    claim(first.pk)
    keep(chat().pk, '"Colour of the sky."\n\nI chose this because …')
    assert (chat().title, chat().titled) == ("Colour of the sky", Titled.BY_HAND)
    assert "colour" in SearchEntry.objects.get(message=None).terms


def test_a_title_that_was_chosen_meanwhile_stays(first: Message) -> None:
    claim(first.pk)
    chat().rename("Mine")
    keep(chat().pk, "Theirs")
    assert chat().title == "Mine"


def test_one_that_says_nothing_changes_nothing(first: Message) -> None:
    claim(first.pk)
    keep(chat().pk, ' "" \n**')
    assert chat().title == "Why is the sky blue?"


def test_a_chat_that_was_deleted_meanwhile_is_left_alone(first: Message) -> None:
    claim(first.pk)
    deleted = chat()
    deleted.delete_softly()
    keep(deleted.pk, "Theirs")
    assert chat().title == "Why is the sky blue?"
