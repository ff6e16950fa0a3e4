"""Which summary stands for the beginning of a chat, and what its owner does to one."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatsite.models import User
from conversations import digests
from conversations.branch import branch_lines
from conversations.context import transcript_of
from conversations.digests import digest_of
from conversations.forking import fork
from conversations.heads import heads
from conversations.models import Conversation, Message, Summary
from conversations.models.summary import SummaryState
from conversations.sending import send
from conversations.transcript import Digest, Fate, Keep
from tests.chats import a_conversation, a_model, a_question, a_summary


@pytest.fixture
def chat(olivia: User) -> Conversation:
    conversation = a_conversation(olivia, turns=3)
    conversation.send_only(Keep.SUMMARY, 4000)
    return conversation


def message(text: str) -> Message:
    return Message.objects.get(content=text)


def found(conversation: Conversation) -> Digest | None:
    return digest_of(conversation, branch_lines(conversation, conversation.leaf_id))


def head_of(conversation: Conversation) -> str:
    asked = (conversation.owner_id, conversation.pk)
    return heads([asked])[asked]


def test_the_one_that_reaches_furthest_counts(chat: Conversation) -> None:
    a_summary(message("answer 0"), "one")
    a_summary(message("answer 1"), "two")
    assert found(chat) == Digest("two", message("answer 1").pk)


@pytest.mark.parametrize("state", [SummaryState.MAKING, SummaryState.FAILED, SummaryState.ASKED])
def test_one_that_is_not_there_yet_does_not(chat: Conversation, state: SummaryState) -> None:
    a_summary(message("answer 0"), "", state=state)
    assert found(chat) is None


def test_the_branch_that_leaves_before_does_not_have_it(chat: Conversation) -> None:
    a_summary(message("answer 1"))
    chat.turn_to(message("answer 0").pk)
    assert found(chat) is None


def test_a_chat_that_wants_none_is_not_even_asked(chat: Conversation) -> None:
    a_summary(message("answer 1"))
    chat.send_only(Keep.ALL)
    with CaptureQueriesContext(connection) as captured:
        transcript_of(chat, branch_lines(chat, chat.leaf_id), None)
    assert len(captured) == 1


def test_what_is_edited_is_what_is_sent(olivia: User, chat: Conversation) -> None:
    a_summary(message("answer 1"), "As the model has it.")
    digests.edit(message("answer 1"), "As I have it.")
    sent = send(olivia, a_question(a_model(), "now"), chat)
    assert sent.order is not None
    [first, *rest] = [each.text for each in sent.order.request.messages]
    assert first.endswith("As I have it.")
    assert rest == ["question 2", "answer 2", "now"]


def test_what_it_tells_of_is_listed_as_such(chat: Conversation) -> None:
    a_summary(message("answer 1"))
    pieces = transcript_of(chat, branch_lines(chat, chat.leaf_id), None).pieces
    assert [piece.fate for piece in pieces][1:5] == [Fate.SUMMARISED] * 4


def test_one_whose_place_was_taken_cannot_be_edited(chat: Conversation) -> None:
    with pytest.raises(Summary.DoesNotExist):
        digests.edit(message("answer 1"), "Too late.")


def test_what_is_deleted_goes_with_what_is_made_of_it(chat: Conversation) -> None:
    a_summary(message("answer 0"))
    a_summary(message("answer 1"), "", state=SummaryState.MAKING)
    digests.remove(message("answer 0"))
    assert not Summary.objects.exists()


def test_only_what_failed_or_was_left_is_asked_for_again(chat: Conversation) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    made = a_summary(message("answer 0"), state=SummaryState.MAKING, lease_until=soon)
    with pytest.raises(Summary.DoesNotExist):
        digests.ask_again(made.message)
    Summary.objects.update(lease_until=timezone.now())
    digests.ask_again(made.message)
    assert Summary.objects.get().state == SummaryState.ASKED


@pytest.mark.parametrize(
    "act",
    [lambda answer: digests.edit(answer, "Another"), digests.remove],
    ids=["edited", "deleted"],
)
def test_the_pages_of_the_chat_are_to_see_it(
    chat: Conversation, act: Callable[[Message], None]
) -> None:
    summary = a_summary(message("answer 1"))
    before = head_of(chat)
    act(summary.message)
    assert head_of(chat) != before


def test_a_fork_takes_it_along(olivia: User, chat: Conversation) -> None:
    a_summary(message("answer 0"), "one")
    a_summary(message("answer 2"), "beyond")
    copy = fork(olivia, message("answer 1"), uuid4())
    assert [each.text for each in copy.summaries.all()] == ["one"]
    assert chat.summaries.count() == 2
