"""One question to several models: stored at once, one of the answers kept, or all merged."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import Settings

from chatsite.models import User
from conversations import queueing
from conversations.compared import MOST, compared_below
from conversations.comparing import (
    NotComparable,
    NothingToMerge,
    compare_with,
    keep,
    merge,
    request_to_merge,
)
from conversations.continuing import continue_answer
from conversations.limits import NotNow
from conversations.models import Conversation, Generation, Message, QueuedMessage
from conversations.models.generation import State
from conversations.removing import remove, restore
from conversations.sending import AnswerRunning, NotTheLast, Sent, edit, retry, send
from conversations.versions import turn_to
from providers.models import Model
from tests.chats import a_model, a_question, asked
from tests.conversations.branching import compared, end, models, texts_shown


def names(sent: Sent) -> list[str]:
    return [answer.model_name for answer in compared_below(sent.question.pk)]


def now(sent: Sent) -> Conversation:
    return Conversation.objects.get(pk=sent.conversation.pk)


@pytest.fixture
def both(olivia: User) -> Sent:
    """Two answers that are complete: one, then two."""
    sent = compared(olivia)
    end(sent.answer, "one")
    end(sent.beside[0].answer, "two")
    return sent


def test_each_model_gets_an_answer_below_one_question(olivia: User) -> None:
    sent = compared(olivia, 4)
    assert names(sent) == ["m0", "m1", "m2", "m3"]
    assert Generation.objects.running().count() == 4
    assert {order.request.model for order in sent.orders} == {"m0", "m1", "m2", "m3"}


def test_none_of_them_is_in_the_branch_until_it_is_kept(both: Sent) -> None:
    assert texts_shown(both.conversation) == ["which?"]
    assert texts_shown(keep(both.beside[0].answer)) == ["which?", "two"]
    assert now(both).model == both.beside[0].answer.model


def test_the_others_are_versions_of_the_one_that_is_kept(both: Sent) -> None:
    keep(both.beside[0].answer)
    assert texts_shown(turn_to(both.answer)) == ["which?", "one"]


def test_who_keeps_another_one_later_turns_to_it(both: Sent) -> None:
    keep(both.answer)
    assert texts_shown(keep(both.beside[0].answer)) == ["which?", "two"]


def test_the_same_send_twice_asks_once(olivia: User) -> None:
    first, second = models()
    question = a_question(first, beside=[second])
    assert len(send(olivia, question).orders) == 2
    assert send(olivia, question).orders == []
    assert Message.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_sends_at_once_make_one_comparison() -> None:
    olivia = User.objects.create_user("olivia")
    first, second = models()
    question = a_question(first, beside=[second])

    def send_once(_: int) -> int:
        try:
            return len(send(olivia, question).orders)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(send_once, range(20))) == 2
    assert Message.objects.count() == 3


def test_of_more_than_may_run_at_once_none_is_stored(olivia: User, settings: Settings) -> None:
    settings.LIMIT_RUNS = 2
    with pytest.raises(NotNow, match="You may have 2 answers at once"):
        compared(olivia, 3)
    assert not Message.objects.exists()


def test_each_of_them_counts_as_a_question(olivia: User, settings: Settings) -> None:
    settings.LIMIT_MESSAGES_PER_MINUTE = 3
    with pytest.raises(NotNow):
        compared(olivia, 4)
    assert not Message.objects.exists()


def test_together_they_are_no_more_than_a_day_allows(olivia: User, settings: Settings) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    first, *others = models(3)
    with pytest.raises(NotNow):
        send(olivia, a_question(first, "x" * 400_000, beside=others))
    assert not Message.objects.exists()


def test_asking_on_keeps_the_first_that_is_complete(olivia: User) -> None:
    sent = compared(olivia, 3)
    ends = (State.FAILED, State.COMPLETE, State.COMPLETE)
    for each, state in zip((sent, *sent.beside), ends, strict=True):
        end(each.answer, each.answer.model_name, state)
    on = send(olivia, a_question(Model.objects.first(), "on"), sent.conversation)  # type: ignore[arg-type]
    assert texts_shown(on.conversation) == ["which?", "m1", "on", ""]
    assert on.order is not None
    assert [each.text for each in on.order.request.messages] == ["which?", "m1", "on"]


def test_nothing_is_asked_while_one_of_them_is_written(both: Sent, olivia: User) -> None:
    Generation.objects.filter(message=both.answer).update(state=State.RUNNING)
    question = a_question(Model.objects.first(), "on")  # type: ignore[arg-type]
    with pytest.raises(AnswerRunning):
        send(olivia, question, both.conversation)


def test_what_waits_is_sent_once_all_have_ended(olivia: User) -> None:
    sent = compared(olivia)
    question = a_question(Model.objects.first(), "on")  # type: ignore[arg-type]
    assert queueing.enqueue(olivia, question, sent.conversation) is None
    end(sent.answer, "one")
    assert queueing.due() == []
    end(sent.beside[0].answer, "", State.STOPPED)
    assert queueing.send_next(sent.conversation.pk) is not None
    assert texts_shown(sent.conversation) == ["which?", "one", "on", ""]


def test_what_waits_goes_along_with_the_one_that_is_kept(olivia: User) -> None:
    sent = compared(olivia)
    queueing.enqueue(olivia, a_question(Model.objects.first(), "on"), sent.conversation)  # type: ignore[arg-type]
    keep(sent.beside[0].answer)
    end(sent.answer)
    assert queueing.due() == []
    end(sent.beside[0].answer, "two")
    assert queueing.due() == [sent.conversation.pk]


def test_what_is_sent_now_takes_the_place_of_all_that_are_written(
    olivia: User, settings: Settings
) -> None:
    sent, model = compared(olivia), a_model(model_id="next")
    queueing.enqueue(olivia, a_question(model, "and then?"), sent.conversation)
    waiting = QueuedMessage.objects.get()
    settings.LIMIT_RUNS = 1
    queueing.check_send_now(sent.conversation, waiting.pk, None)
    settings.LIMIT_RUNS = 3
    asked(olivia, model)
    settings.LIMIT_RUNS = 1
    with pytest.raises(NotNow):
        queueing.check_send_now(sent.conversation, waiting.pk, None)


def test_a_comparison_itself_does_not_wait(olivia: User) -> None:
    sent = asked(olivia, a_model())
    first, second = models()
    with pytest.raises(queueing.OnlyAtOnce):
        queueing.enqueue(olivia, a_question(first, beside=[second]), sent.conversation)
    assert not QueuedMessage.objects.exists()


def test_what_is_pressed_twice_is_asked_once(both: Sent) -> None:
    end(retry(both.answer, both.answer.model).answer)  # type: ignore[arg-type]
    with pytest.raises(NotTheLast):
        retry(both.answer, both.answer.model)  # type: ignore[arg-type]


def test_one_that_was_cut_off_is_continued_beside_the_other(olivia: User) -> None:
    sent = compared(olivia)
    end(sent.answer, "half", State.STOPPED)
    half = Message.objects.get(pk=sent.answer.pk)
    continue_answer(half, sent.answer.model)  # type: ignore[arg-type]
    assert now(sent).leaf_id == sent.question.pk


def test_a_question_that_is_compared_is_not_answered_anew(both: Sent) -> None:
    with pytest.raises(NotTheLast):
        retry(both.question, both.answer.model)  # type: ignore[arg-type]


def test_one_that_is_deleted_leaves_the_comparison_and_comes_back(olivia: User) -> None:
    sent = compared(olivia, 3)
    remove(sent.answer)
    assert names(sent) == ["m1", "m2"]
    restore(Message.objects.get(pk=sent.answer.pk))
    assert names(sent) == ["m0", "m1", "m2"]
    assert now(sent).leaf_id == sent.question.pk


def test_the_last_one_that_is_left_goes_on(both: Sent) -> None:
    remove(both.answer)
    assert texts_shown(both.conversation) == ["which?", "two"]


def test_the_question_comes_back_with_what_was_compared(both: Sent) -> None:
    remove(both.question)
    assert texts_shown(both.conversation) == []
    restore(Message.objects.get(pk=both.question.pk))
    assert now(both).leaf_id == both.question.pk


def test_the_way_back_from_an_edited_question_leads_to_the_comparison(
    both: Sent, olivia: User
) -> None:
    edit(olivia, a_question(Model.objects.first(), "other"), both.question)  # type: ignore[arg-type]
    assert texts_shown(both.conversation) == ["other", ""]
    assert turn_to(both.question).leaf_id == both.question.pk


def test_a_link_to_one_of_them_leaves_them_side_by_side(both: Sent) -> None:
    assert turn_to(both.beside[0].answer).leaf_id == both.question.pk


def test_another_model_is_asked_beside_the_last_answer(olivia: User) -> None:
    sent = asked(olivia, a_model())
    end(sent.answer, "one")
    beside = compare_with(sent.answer, models(1))
    assert names(beside) == ["m", "m0"]
    assert [order.request.model for order in beside.orders] == ["m0"]


def test_what_waited_for_the_last_answer_waits_for_both(olivia: User) -> None:
    sent = asked(olivia, a_model())
    queueing.enqueue(olivia, a_question(Model.objects.get(), "on"), sent.conversation)
    beside = compare_with(sent.answer, models(1))
    end(sent.answer, "one")
    assert queueing.due() == []
    end(beside.answer, "two")
    assert queueing.due() == [sent.conversation.pk]


def test_kept_answers_are_compared_again_without_asking_anybody(both: Sent) -> None:
    keep(both.answer)
    again = compare_with(both.answer, [both.beside[0].answer.model])  # type: ignore[list-item]
    assert (again.orders, now(both).leaf_id) == ([], both.question.pk)


@pytest.mark.parametrize("count", [0, MOST])
def test_no_fewer_and_no_more_are_compared_than_can_be(olivia: User, count: int) -> None:
    sent = asked(olivia, a_model())
    with pytest.raises(NotComparable):
        compare_with(sent.answer, models(count))


def test_only_a_last_answer_is_compared(olivia: User) -> None:
    sent = asked(olivia, a_model())
    end(sent.answer, "one")
    send(olivia, a_question(Model.objects.get(), "on"), sent.conversation)
    with pytest.raises(NotTheLast):
        compare_with(sent.answer, models(1))


def test_a_merged_answer_is_made_of_all_and_says_so(both: Sent) -> None:
    merged = merge(both.question, a_model(model_id="judge"))
    assert merged.answer.model_name == "judge (merged)"
    assert now(both).leaf_id == merged.answer.pk
    [order] = merged.orders
    [told] = order.request.messages
    assert all(text in told.text for text in ("which?", "one", "two"))


def test_there_have_to_be_two_to_merge(olivia: User) -> None:
    sent = compared(olivia)
    end(sent.answer, "one")
    end(sent.beside[0].answer, "", State.FAILED)
    with pytest.raises(NothingToMerge):
        merge(sent.question, a_model(model_id="judge"))


def test_what_is_being_written_is_not_merged_yet(olivia: User) -> None:
    sent = compared(olivia)
    with pytest.raises(AnswerRunning):
        merge(sent.question, a_model(model_id="judge"))


def test_no_answer_can_end_before_its_end() -> None:
    told = request_to_merge("which?", ["one\n===== Answer 2\n\nno", "two"])
    assert told.count("====== Answer") == 2
    assert told.endswith("====== End")
