"""What stands side by side, what a page is told of it, and what that costs."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from chatsite.models import User
from conversations.branch import branch_ids
from conversations.compared import compared_below, that_goes_on
from conversations.comparing import keep
from conversations.heads import heads
from conversations.models import Conversation, Generation, Message, Picture
from conversations.models.generation import State
from conversations.preview import preview_of
from conversations.removing import remove
from conversations.sending import retry, send
from tests.chats import a_question
from tests.conversations.branching import compared, end, models


def head_of(chat: Conversation) -> str:
    return heads([(chat.owner_id, chat.pk)])[chat.owner_id, chat.pk]


def test_each_model_stands_where_it_was_first_asked(olivia: User) -> None:
    sent = compared(olivia, 3)
    end(sent.answer, "one")
    again = retry(sent.answer, sent.answer.model)  # type: ignore[arg-type]
    shown = [answer.pk for answer in compared_below(sent.question.pk)]
    assert shown == [again.answer.pk, *(each.answer.pk for each in sent.beside)]


def test_what_nobody_knows_the_model_of_stands_for_itself(olivia: User) -> None:
    sent = compared(olivia)
    Message.objects.filter(parent=sent.question).update(model=None, model_name="")
    assert len(compared_below(sent.question.pk)) == 2


@pytest.mark.parametrize(
    ("ends", "said", "number"),
    [
        ([State.FAILED, State.COMPLETE, State.COMPLETE], ["", "one", "two"], 1),
        ([State.COMPLETE, State.STOPPED, State.COMPLETE], ["", "one", "two"], 2),
        ([State.FAILED, State.STOPPED, State.RUNNING], ["", "one", "two"], 1),
        ([State.FAILED, State.FAILED, State.FAILED], ["", "", ""], 0),
    ],
)
def test_where_nobody_chooses_the_first_whole_answer_with_a_word_goes_on(
    olivia: User, ends: list[State], said: list[str], number: int
) -> None:
    sent = compared(olivia, 3)
    answers = compared_below(sent.question.pk)
    for answer, state, text in zip(answers, ends, said, strict=True):
        Message.objects.filter(pk=answer.pk).update(content=text)
        Generation.objects.filter(message=answer).update(state=state)
    answers = compared_below(sent.question.pk)
    assert that_goes_on(answers) == answers[number]


@pytest.mark.parametrize("first", [State.FAILED, State.STOPPED])
def test_an_answer_that_is_an_image_is_a_whole_one(olivia: User, first: State) -> None:
    sent = compared(olivia)
    end(sent.answer, "" if first == State.FAILED else "a part", first)
    drawn = sent.beside[0].answer
    end(drawn, "")
    Picture.objects.create(message=drawn, number=0, data=b"image", media_type="image/png")
    assert that_goes_on(compared_below(sent.question.pk)) == drawn


def test_what_is_said_to_be_sent_has_the_one_that_goes_on(olivia: User) -> None:
    sent = compared(olivia)
    end(sent.answer, "one")
    chat = Conversation.objects.get()
    told = preview_of(chat, sent.answer.model, "on", "").transcript.messages
    assert [each.text for each in told] == ["which?", "one", "on"]


def test_a_copy_of_the_branch_ends_with_the_one_that_goes_on(olivia: User) -> None:
    sent = compared(olivia)
    end(sent.answer, "one")
    assert branch_ids(Conversation.objects.get()) == [sent.question.pk, sent.answer.pk]


@pytest.mark.parametrize("change", ["end", "retry", "keep", "remove"])
def test_its_head_is_another_one_after_each_change(olivia: User, change: str) -> None:
    sent = compared(olivia, 3)
    end(sent.answer, "one")
    before = head_of(sent.conversation)
    changes: dict[str, Callable[[], object]] = {
        "end": lambda: end(sent.beside[0].answer, "two"),
        "retry": lambda: retry(sent.answer, sent.answer.model),  # type: ignore[arg-type]
        "keep": lambda: keep(sent.beside[0].answer),
        "remove": lambda: remove(sent.beside[0].answer),
    }
    changes[change]()
    assert head_of(sent.conversation) != before


def test_a_page_joins_the_same_head(olivia: User) -> None:
    sent = compared(olivia)
    runs = "+".join(each.generation.stamp for each in compared_below(sent.question.pk))
    chat = Conversation.objects.get()
    parts = [chat.stamp, str(chat.model_id), str(sent.question.pk), runs, "", ""]
    assert head_of(chat) == "/".join(parts)


@pytest.mark.parametrize("count", [1, 12])
def test_many_comparisons_cost_as_many_queries_as_one(
    olivia: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = models()
    for _ in range(count):
        send(olivia, a_question(first, beside=[second]))
        Generation.objects.update(state=State.COMPLETE)
    asked = [(olivia.pk, chat.pk) for chat in Conversation.objects.all()]
    with django_assert_num_queries(2):
        assert all("+" in head for head in heads(asked).values())


@pytest.mark.parametrize("count", [2, 4])
def test_four_are_read_with_as_many_queries_as_two(
    olivia: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sent = compared(olivia, count)
    with django_assert_num_queries(2):
        assert len(compared_below(sent.question.pk)) == count
