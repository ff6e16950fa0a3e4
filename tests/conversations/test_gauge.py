import pytest

from chatsite.models import User
from conversations.branch import branch_page
from conversations.continuing import continue_answer
from conversations.counting import text_tokens
from conversations.gauge import (
    Gauge,
    gauge_after,
    gauge_at_leaf,
    gauge_of,
    gauge_of_branch,
    shortened,
)
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from conversations.removing import remove
from conversations.steering import gauge_anew
from conversations.transcript import Mark
from tests.chats import a_conversation, a_model, add_turn
from tests.conversations.branching import compared, end


def taken(chat: Conversation, *, is_whole: bool = True) -> int | None:
    messages, _earlier = branch_page(chat)
    return gauge_of(chat, None, messages, is_whole=is_whole).tokens


def counted(chat: Conversation, guessed: int, sent: int | None) -> None:
    of_last = Generation.objects.filter(message=chat.leaf)
    of_last.update(guessed_tokens=guessed, sent_tokens=sent)


def test_what_the_service_counted_goes_before_what_was_guessed(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    counted(chat, guessed=100, sent=500)
    assert 500 < (taken(chat) or 0) < 520
    counted(chat, guessed=100, sent=None)
    assert 100 < (taken(chat) or 0) < 120


def test_what_was_said_since_the_last_count_is_added(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    counted(chat, guessed=100, sent=100)
    before = taken(chat) or 0
    chat.show(leaf=add_turn(chat, "word " * 400, ""), model=None)
    assert (taken(chat) or 0) > before + 400


def test_a_short_chat_that_nobody_counted_is_guessed_with_its_prompt(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    before = taken(chat) or 0
    chat.instruct("word " * 400)
    assert (taken(chat) or 0) > before + 400


def test_of_a_long_one_nobody_knows(olivia: User) -> None:
    assert taken(a_conversation(olivia, turns=2), is_whole=False) is None


def test_what_is_excluded_takes_nothing(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    before = taken(chat) or 0
    Message.objects.get(content="answer 0").keep(mark=Mark.EXCLUDED)
    assert (taken(chat) or 0) < before


def test_the_beginning_of_a_continued_answer_is_counted_once(olivia: User) -> None:
    chat, model = a_conversation(olivia), a_model()
    leaf = add_turn(chat, "Tell", "word " * 400, State.STOPPED)
    chat.show(leaf=leaf, model=model)
    order = continue_answer(leaf, model).order
    assert order is not None
    counted(chat, guessed=order.guessed_tokens, sent=None)
    chat.refresh_from_db()
    answer = Message.objects.select_related("generation", "model").get(pk=leaf.pk)
    assert text_tokens(leaf.content) < (taken(chat) or 0) < 1.2 * text_tokens(leaf.content)
    assert gauge_after(answer).tokens == taken(chat)


def test_without_its_last_answer_the_branch_takes_less(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    counted(chat, guessed=100, sent=500)
    answer = Message.objects.get(content="answer 1")
    before = gauge_at_leaf(chat, None)
    chat, _count = remove(answer)
    after = gauge_at_leaf(chat, None)
    assert before
    assert after
    assert (after.tokens or 0) < (before.tokens or 0)
    assert after.tokens == taken(chat)


def test_a_branch_without_a_message_has_no_gauge(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    chat.turn_to(None)
    assert gauge_at_leaf(chat, None) is None


def test_of_answers_that_are_compared_the_one_that_goes_on_counts(olivia: User) -> None:
    sent = compared(olivia)
    end(sent.answer, "word " * 400)
    end(sent.beside[0].answer, "two")
    gauges = [gauge(sent.conversation, None) for gauge in (gauge_at_leaf, gauge_of_branch)]
    assert all(each and 400 < (each.tokens or 0) < 800 for each in gauges)


def test_a_change_of_what_is_sent_is_known_while_answers_are_compared(olivia: User) -> None:
    sent = compared(olivia)
    gauge_anew(sent.conversation.pk)
    assert Conversation.objects.get().gauged_leaf is None
    for each in (sent, *sent.beside):
        end(each.answer, "one")
    gauge_anew(sent.conversation.pk)
    chat = Conversation.objects.get()
    assert chat.gauged_leaf == sent.answer.pk
    assert gauge_of_branch(chat, None).tokens == chat.gauged_tokens


def test_the_share_is_of_the_model_s_window(olivia: User) -> None:
    chat, model = a_conversation(olivia, turns=1), a_model(context_window=1000)
    gauge = Gauge(chat.pk, 250, model.context_window)
    assert (gauge.percent, gauge.is_nearly_full) == (25, False)
    assert Gauge(chat.pk, 5000, 1000).percent == 100
    assert Gauge(chat.pk, 5000, None).percent is None


@pytest.mark.parametrize(
    ("tokens", "text"), [(0, "0"), (950, "950"), (1234, "1.2k"), (128_000, "128k")]
)
def test_large_numbers_are_shortened(tokens: int, text: str) -> None:
    assert shortened(tokens) == text
