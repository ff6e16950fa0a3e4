from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatsite.models import User
from conversations.branch import branch_lines
from conversations.context import transcript_of
from conversations.continuing import continue_answer
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from conversations.sending import Sent, send
from conversations.transcript import Keep, Line, Mark
from providers.models import Model
from tests.chats import a_conversation, a_model, a_question, add_turn


def texts(sent: Sent) -> list[str]:
    assert sent.order is not None
    return [message.text for message in sent.order.request.messages]


def mark(text: str, to: Mark) -> None:
    Message.objects.get(content=text).keep(mark=to)


def counted(conversation: Conversation, model: Model, guessed: int, sent: int) -> None:
    """As if the service had counted so much for the last answer."""
    assert conversation.leaf
    conversation.leaf.keep(model=model)
    of_last = Generation.objects.filter(message=conversation.leaf)
    of_last.update(guessed_tokens=guessed, sent_tokens=sent)


def test_a_chat_is_sent_whole_unless_it_says_otherwise(olivia: User) -> None:
    chat = a_conversation(olivia, turns=2)
    sent = send(olivia, a_question(a_model(), "now"), chat)
    assert texts(sent) == ["question 0", "answer 0", "question 1", "answer 1", "now"]


def test_a_chat_that_keeps_its_last_turns_sends_those(olivia: User) -> None:
    chat = a_conversation(olivia, turns=3)
    chat.send_only(Keep.TURNS, 1)
    assert texts(send(olivia, a_question(a_model(), "now"), chat)) == [
        *("question 2", "answer 2"),
        "now",
    ]


def test_what_is_marked_is_sent_always_or_never(olivia: User) -> None:
    chat = a_conversation(olivia, turns=3)
    chat.send_only(Keep.TURNS, 1)
    mark("question 0", Mark.PINNED)
    mark("answer 2", Mark.EXCLUDED)
    sent = send(olivia, a_question(a_model(), "now"), chat)
    assert texts(sent) == ["question 0", "question 2", "now"]


def test_an_answer_that_is_gone_on_with_is_sent_whatever_its_mark(olivia: User) -> None:
    chat, model = a_conversation(olivia), a_model()
    leaf = add_turn(chat, "Count", "one, two", State.STOPPED)
    chat.show(leaf=leaf, model=model)
    leaf.keep(mark=Mark.EXCLUDED)
    assert texts(continue_answer(leaf, model))[:2] == ["Count", "one, two"]


def test_a_service_that_counts_more_is_sent_less(olivia: User) -> None:
    chat, model = a_conversation(olivia, turns=4), a_model()
    chat.send_only(Keep.TOKENS, 60)
    before = transcript_of(chat, branch_lines(chat, chat.leaf_id), model)
    counted(chat, model, guessed=10_000, sent=25_000)
    after = transcript_of(chat, branch_lines(chat, chat.leaf_id), model)
    assert len(after.messages) < len(before.messages)


def test_another_model_s_counts_correct_nothing(olivia: User) -> None:
    chat, model = a_conversation(olivia, turns=2), a_model()
    counted(chat, a_model(model_id="other"), guessed=10_000, sent=25_000)
    lines = branch_lines(chat, chat.leaf_id)
    assert transcript_of(chat, lines, model, counts=True).pieces[0].factor == 1


@pytest.mark.parametrize(
    ("keep", "window", "queries"),
    [(Keep.ALL, None, 0), (Keep.ALL, 128_000, 0), (Keep.TOKENS, 0, 1)],
)
def test_only_what_may_have_to_be_trimmed_costs_a_query(
    olivia: User, keep: Keep, window: int | None, queries: int
) -> None:
    chat, model = a_conversation(olivia, turns=2), a_model(context_window=window)
    chat.send_only(keep, 50)
    lines: list[Any] = branch_lines(chat, chat.leaf_id)
    with CaptureQueriesContext(connection) as captured:
        transcript_of(chat, [*lines, Line("user", "now")], model)
    assert len(captured) == queries
