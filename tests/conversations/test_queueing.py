"""Messages that wait: put in line while an answer is written, sent once, by whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from chatsite.models import User
from conversations import queueing
from conversations.drafts import draft_of, keep
from conversations.heads import heads
from conversations.models import Conversation, Generation, Message, QueuedMessage
from conversations.models.conversation import UNDO_PERIOD
from conversations.models.generation import State
from conversations.models.queued import Held
from conversations.purging import purge
from conversations.sending import AnotherText, Sent, edit, send
from providers.models import Model
from tests.chats import a_model, a_question, asked


@pytest.fixture
def first(olivia: User) -> Sent:
    """A question whose answer is being written."""
    return asked(olivia, a_model())


def put(sent: Sent, text: str) -> QueuedMessage:
    question = a_question(Model.objects.get(), text)
    assert queueing.enqueue(sent.conversation.owner, question, sent.conversation) is None
    queued: QueuedMessage = QueuedMessage.objects.get(send_id=question.send_id)
    return queued


def end(state: State = State.COMPLETE) -> None:
    Generation.objects.all().move(state)


def texts(conversation: Conversation) -> list[str]:
    return [queued.text for queued in queueing.queue_of(conversation).waiting]


def test_what_is_written_meanwhile_waits_in_its_order(first: Sent) -> None:
    put(first, "one")
    put(first, "two")
    assert texts(first.conversation) == ["one", "two"]
    assert queueing.due() == []


def test_a_complete_answer_sends_the_first_of_them(first: Sent) -> None:
    put(first, "one")
    put(first, "two")
    end()
    sent = queueing.send_next(first.conversation.pk)
    assert sent is not None
    assert (sent.question.content, sent.question.parent_id) == ("one", first.answer.pk)
    assert texts(first.conversation) == ["two"]


def test_each_one_waits_for_the_answer_before_it(first: Sent) -> None:
    put(first, "one")
    put(first, "two")
    end()
    queueing.send_next(first.conversation.pk)
    assert queueing.send_next(first.conversation.pk) is None
    end()
    assert queueing.send_next(first.conversation.pk) is not None


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED, State.INTERRUPTED])
def test_no_other_end_sends_any(first: Sent, state: State) -> None:
    put(first, "one")
    end(state)
    assert (queueing.due(), queueing.send_next(first.conversation.pk)) == ([], None)


def test_an_older_branch_that_is_complete_sends_none(olivia: User, first: Sent) -> None:
    end()
    second = send(olivia, a_question(Model.objects.get(), "and?"), first.conversation)
    put(second, "one")
    end(State.STOPPED)
    second.conversation.turn_to(first.answer.pk)
    assert queueing.due() == []


def test_send_now_is_the_word_to_go_on(first: Sent) -> None:
    put(first, "one")
    later = put(first, "two")
    end(State.STOPPED)
    sent = queueing.send_now(first.conversation, later.pk, None)
    assert (sent.question.content, texts(first.conversation)) == ("two", ["one"])
    end()
    assert queueing.due() == [first.conversation.pk]


def test_what_waits_for_an_answer_in_another_branch_does_not_go_first(
    olivia: User, first: Sent
) -> None:
    beside = edit(olivia, a_question(Model.objects.get(), "beside"), first.question)
    queueing.edit(beside.conversation, put(beside, "one").pk)
    beside.conversation.turn_to(first.answer.pk)
    put(first, "two")
    Generation.objects.filter(message=first.answer).move(State.COMPLETE)
    sent = queueing.send_next(first.conversation.pk)
    assert sent is not None
    assert (sent.question.content, texts(first.conversation)) == ("two", ["one"])


def test_where_no_answer_is_written_it_is_sent_at_once(olivia: User, first: Sent) -> None:
    end()
    sent = queueing.enqueue(olivia, a_question(Model.objects.get(), "now"), first.conversation)
    assert sent is not None
    assert not QueuedMessage.objects.exists()


def test_nobody_jumps_the_queue_between_an_end_and_the_next_send(first: Sent) -> None:
    put(first, "one")
    end()
    put(first, "two")
    assert texts(first.conversation) == ["one", "two"]


def test_the_same_one_twice_waits_once(olivia: User, first: Sent) -> None:
    question = a_question(Model.objects.get(), "one")
    for _ in range(2):
        assert queueing.enqueue(olivia, question, first.conversation) is None
    end()
    queueing.send_next(first.conversation.pk)
    assert queueing.enqueue(olivia, question, first.conversation) is None
    assert not QueuedMessage.objects.exists()


def test_the_same_send_id_with_another_text_is_an_error(olivia: User, first: Sent) -> None:
    model, send_id = Model.objects.get(), uuid4()
    queueing.enqueue(olivia, a_question(model, "one", send_id=send_id), first.conversation)
    with pytest.raises(AnotherText):
        queueing.enqueue(olivia, a_question(model, "two", send_id=send_id), first.conversation)


def test_so_many_may_wait(first: Sent) -> None:
    for number in range(queueing.MOST):
        put(first, f"message {number}")
    with pytest.raises(queueing.Full):
        put(first, "one too many")


@pytest.mark.parametrize("deleted_at", [None, timezone.now()], ids=["other text", "deleted"])
def test_an_id_that_went_with_another_question_holds_nothing_up(
    olivia: User, first: Sent, deleted_at: datetime | None
) -> None:
    queued, other = put(first, "one"), asked(olivia, Model.objects.get(), "another").question
    other.keep(send_id=queued.send_id, deleted_at=deleted_at)
    end()
    sent = queueing.send_next(first.conversation.pk)
    assert sent is not None
    assert (sent.question.content, sent.question.parent_id) == ("one", first.answer.pk)
    assert not QueuedMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_send_the_next_one_one_does() -> None:
    first = asked(User.objects.create_user("olivia"), a_model())
    put(first, "one")
    end()

    def send_once(_: int) -> bool:
        try:
            return queueing.send_next(first.conversation.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(send_once, range(20))) == 1
    assert (Message.objects.count(), QueuedMessage.objects.count()) == (4, 0)


def test_what_is_edited_is_not_sent_until_it_is_saved(first: Sent) -> None:
    queued = put(first, "one")
    queueing.edit(first.conversation, queued.pk)
    end()
    assert queueing.send_next(first.conversation.pk) is None
    queueing.save(first.conversation, queued.pk, "another")
    sent = queueing.send_next(first.conversation.pk)
    assert sent is not None
    assert sent.question.content == "another"


def test_what_is_left_as_it_was_is_sent_as_it_was(first: Sent) -> None:
    queued = put(first, "one")
    queueing.edit(first.conversation, queued.pk)
    queueing.leave(first.conversation, queued.pk)
    end()
    assert queueing.due() == [first.conversation.pk]


def test_what_is_sent_is_not_changed_any_more(first: Sent) -> None:
    queued = put(first, "one")
    end()
    queueing.send_next(first.conversation.pk)
    for act in (queueing.edit, queueing.leave, queueing.remove):
        with pytest.raises(QueuedMessage.DoesNotExist):
            act(first.conversation, queued.pk)


def test_what_was_removed_comes_back_to_its_place(first: Sent) -> None:
    queued = put(first, "one")
    put(first, "two")
    queueing.remove(first.conversation, queued.pk)
    assert texts(first.conversation) == ["two"]
    queueing.restore(first.conversation, queued.pk)
    assert texts(first.conversation) == ["one", "two"]


def test_nothing_of_what_was_removed_is_sent(first: Sent) -> None:
    queued = put(first, "one")
    queueing.remove(first.conversation, queued.pk)
    end()
    assert queueing.due() == []
    queueing.restore(first.conversation, queued.pk)
    assert queueing.due() == [first.conversation.pk]


def test_the_send_of_what_was_removed_may_come_once_more(first: Sent) -> None:
    queued = put(first, "one")
    queueing.remove(first.conversation, queued.pk)
    question = replace(a_question(Model.objects.get(), "one"), send_id=queued.send_id)
    queueing.enqueue(first.conversation.owner, question, first.conversation)
    queueing.restore(first.conversation, queued.pk)
    assert texts(first.conversation) == ["one", "one"]


def test_where_as_many_wait_as_may_nothing_comes_back(first: Sent) -> None:
    queued = put(first, "one")
    queueing.remove(first.conversation, queued.pk)
    for number in range(queueing.MOST):
        put(first, f"{number}")
    with pytest.raises(queueing.Full):
        queueing.restore(first.conversation, queued.pk)


@pytest.mark.parametrize(
    ("age", "left"), [(UNDO_PERIOD - timedelta(minutes=1), 1), (UNDO_PERIOD, 0)]
)
def test_what_was_removed_is_kept_only_while_it_can_come_back(
    first: Sent, age: timedelta, left: int
) -> None:
    queueing.remove(first.conversation, put(first, "one").pk)
    QueuedMessage.everything.update(deleted_at=timezone.now() - age)
    purge()
    assert QueuedMessage.everything.count() == left


def test_what_is_being_written_stays_when_a_waiting_one_is_sent(olivia: User, first: Sent) -> None:
    put(first, "one")
    keep(olivia, first.conversation, "half a thought", uuid4())
    end()
    queueing.send_next(first.conversation.pk)
    assert draft_of(olivia, first.conversation) == "half a thought"


def test_putting_it_in_line_takes_its_draft_away_for_good(olivia: User, first: Sent) -> None:
    keep(olivia, first.conversation, "one", uuid4())
    queued = put(first, "one")
    keep(olivia, first.conversation, "one", queued.send_id)
    assert draft_of(olivia, first.conversation) == ""


@pytest.mark.parametrize(
    ("limit", "allowed", "held"),
    [("LIMIT_MESSAGES_PER_MINUTE", 2, Held.MINUTE), ("LIMIT_RUNS", 1, Held.RUNS)],
)
def test_a_limit_leaves_it_waiting_and_says_so(
    db: None, settings: Settings, limit: str, allowed: int, held: Held
) -> None:
    setattr(settings, limit, allowed)
    # What was counted stays with the process: nobody whom another test knows.
    nadia = User.objects.create_user("nadia", pk=10**7)
    first = asked(nadia, a_model())
    queued = put(first, "one")
    end()
    asked(nadia, Model.objects.get())
    assert queueing.send_next(first.conversation.pk) is None
    queued.refresh_from_db()
    assert (queued.held, queueing.due()) == (held, [])


def test_what_a_limit_held_is_tried_again(first: Sent) -> None:
    queued = put(first, "one")
    end()
    queued.change(held=Held.DAY, retry_at=timezone.now() - timedelta(seconds=1))
    assert queueing.send_next(first.conversation.pk) is not None


def test_a_model_that_is_gone_leaves_it_waiting(first: Sent) -> None:
    queued = put(first, "one")
    end()
    Model.objects.all().delete()
    assert queueing.send_next(first.conversation.pk) is None
    queued.refresh_from_db()
    assert queued.held == Held.MODEL
    with pytest.raises(queueing.NoModel):
        queueing.send_now(first.conversation, queued.pk, None)


def test_another_model_may_take_the_place_of_one_that_is_gone(first: Sent) -> None:
    queued = put(first, "one")
    end()
    Model.objects.all().delete()
    other = a_model(model_id="other")
    assert queueing.send_now(first.conversation, queued.pk, other).answer.model == other


def test_for_who_is_disabled_nothing_is_sent(olivia: User, first: Sent) -> None:
    put(first, "one")
    end()
    User.objects.update(is_active=False)
    assert queueing.due() == []


def test_a_deleted_chat_sends_nothing(first: Sent) -> None:
    put(first, "one")
    end()
    first.conversation.delete_softly()
    assert (queueing.due(), queueing.send_next(first.conversation.pk)) == ([], None)


def test_a_purged_chat_leaves_no_text(first: Sent) -> None:
    put(first, "one")
    Conversation.objects.update(deleted_at=timezone.now() - 2 * UNDO_PERIOD)
    purge()
    assert not QueuedMessage.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda queued: queueing.remove(queued.conversation, queued.pk),
        lambda queued: queueing.edit(queued.conversation, queued.pk),
        lambda queued: queueing.save(queued.conversation, queued.pk, "another"),
    ],
    ids=["removed", "edited", "saved"],
)
def test_other_pages_are_told_of_a_change(
    first: Sent, change: Callable[[QueuedMessage], None]
) -> None:
    put(first, "one")
    shown = (first.conversation.owner_id, first.conversation.pk)
    queued, before = put(first, "two"), heads([shown])
    change(queued)
    assert heads([shown]) != before


def test_a_page_shows_the_stamp_that_others_are_told(first: Sent) -> None:
    put(first, "one")
    shown = (first.conversation.owner_id, first.conversation.pk)
    stamp = queueing.queue_of(first.conversation).stamp
    assert heads([shown])[shown].split("/")[4] == stamp
