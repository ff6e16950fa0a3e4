from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from chatsite.models import User
from conversations.branch import branch_ids
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from conversations.sending import AnotherText, AnswerRunning, NotTheLast, retry, send
from conversations.versions import turn_to
from tests.chats import a_model, a_question, asked


def test_a_question_its_answer_and_its_run_are_stored_together(olivia: User) -> None:
    sent = asked(olivia, a_model())
    assert sent.answer.parent == sent.question
    assert Generation.objects.get().state == State.RUNNING


def test_a_new_conversation_gets_its_title_from_the_question(olivia: User) -> None:
    assert asked(olivia, a_model(), "What is WAL?\nIn short.").conversation.title == "What is WAL?"


def test_the_model_is_sent_the_whole_history(olivia: User) -> None:
    model = a_model()
    first = asked(olivia, model, "one")
    _answer(first.answer, "two")
    second = send(olivia, a_question(model, "three"), first.conversation)
    assert second.order is not None
    assert [m.content for m in second.order.request.messages] == ["one", "two", "three"]


def test_the_same_send_twice_is_taken_once(olivia: User) -> None:
    question = a_question(a_model())
    first, second = send(olivia, question), send(olivia, question)
    assert second.order is None
    assert (first.question, first.answer) == (second.question, second.answer)


def test_the_same_send_id_with_another_text_is_an_error(olivia: User) -> None:
    model, send_id = a_model(), uuid4()
    send(olivia, a_question(model, "one", send_id=send_id))
    with pytest.raises(AnotherText):
        send(olivia, a_question(model, "two", send_id=send_id))


def test_two_users_may_use_the_same_send_id(olivia: User, sam: User) -> None:
    question = a_question(a_model())
    assert send(olivia, question).conversation != send(sam, question).conversation


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_sends_at_once_make_one_question() -> None:
    olivia = User.objects.create_user("olivia")
    question = a_question(a_model())

    def send_once(_: int) -> bool:
        try:
            return send(olivia, question).order is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        ran = list(pool.map(send_once, range(20)))
    assert (sum(ran), Conversation.objects.count(), Message.objects.count()) == (1, 1, 2)


def test_a_second_question_waits_for_the_first_answer(olivia: User) -> None:
    model = a_model()
    first = asked(olivia, model)
    with pytest.raises(AnswerRunning):
        send(olivia, a_question(model, "and?"), first.conversation)


def test_a_retry_keeps_the_old_answer_beside_the_new_one(olivia: User) -> None:
    model = a_model()
    first = asked(olivia, model)
    _answer(first.answer, "half", State.FAILED)
    again = retry(first.answer, model)
    assert again.question == first.question
    assert first.question.replies.count() == 2
    assert again.conversation.leaf_id == again.answer.pk


def test_an_earlier_answer_is_asked_for_again_and_what_followed_it_is_kept(olivia: User) -> None:
    model = a_model()
    first = asked(olivia, model)
    _answer(first.answer, "one")
    second = send(olivia, a_question(model, "and?"), first.conversation)
    _answer(second.answer, "two")
    again = retry(first.answer, model)
    assert branch_ids(again.conversation) == [first.question.pk, again.answer.pk]
    assert branch_ids(turn_to(first.answer))[-1] == second.answer.pk


def test_a_retry_that_is_pressed_twice_is_one(olivia: User) -> None:
    model = a_model()
    first = asked(olivia, model)
    _answer(first.answer, "one")
    _answer(retry(first.answer, model).answer, "two")
    with pytest.raises(NotTheLast):
        retry(first.answer, model)


def test_a_send_that_comes_again_after_its_chat_was_deleted_finds_nothing(olivia: User) -> None:
    question = a_question(a_model())
    send(olivia, question).conversation.delete_softly()
    with pytest.raises(Conversation.DoesNotExist):
        send(olivia, question)


def _answer(message: Message, text: str, state: State = State.COMPLETE) -> None:
    Message.objects.filter(pk=message.pk).update(content=text)
    Generation.objects.filter(message=message).move(state)
