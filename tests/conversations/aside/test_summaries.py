"""Making summaries: who makes one, of what, and whatever comes in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from chatsite.models import User
from conversations import allowed, digests
from conversations.aside import summaries
from conversations.aside.summaries import Plan, claim, fail, keep, planned
from conversations.models import Conversation, Message, Summary
from conversations.models.summary import Cause, SummaryState
from conversations.sending import send
from conversations.steering import gauge_anew
from conversations.transcript import Keep
from providers.models import Model
from tests.chats import a_conversation, a_model, a_question, a_summary, add_turn
from tests.conversations.branching import end

LONG = "word " * 60


@pytest.fixture
def chat(olivia: User) -> Conversation:
    """Four turns, of which the last two at most are left."""
    return outgrown(olivia, a_model())


def outgrown(owner: User, model: Model, turns: int = 4) -> Conversation:
    conversation = a_conversation(owner)
    for number in range(turns):
        leaf = add_turn(conversation, f"question {number} {LONG}", f"answer {number} {LONG}")
        conversation.show(leaf=leaf, model=model)
    conversation.send_only(Keep.SUMMARY, 400)
    return conversation


def plan_of(conversation: Conversation) -> Plan:
    plan = planned(conversation.pk)
    assert plan is not None
    return plan


def asked(plan: Plan) -> str:
    assert plan.question is not None
    return plan.question.request.messages[-1].text


def state() -> str:
    return Summary.objects.get().state


def test_what_fell_out_is_planned_for_the_model_of_the_chat(chat: Conversation) -> None:
    plan = plan_of(chat)
    assert "question 0" in asked(plan)
    assert "answer 3" not in asked(plan)
    assert plan.question is not None
    assert plan.question.model.model_id == "m"


def test_another_model_may_be_named_for_it(chat: Conversation) -> None:
    chat.summarise_by(a_model(model_id="small"))
    question = plan_of(chat).question
    assert question is not None
    assert question.request.model == "small"


@pytest.mark.parametrize("policy", [Keep.ALL, Keep.TURNS, Keep.TOKENS])
def test_a_chat_that_wants_none_has_none_planned(chat: Conversation, policy: Keep) -> None:
    chat.send_only(policy, 1)
    assert planned(chat.pk) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda chat: chat.send_only(Keep.SUMMARY, 100_000),
        lambda chat: chat.delete_softly(),
        lambda chat: User.objects.update(is_active=False),
        lambda chat: chat.turn_to(None),
    ],
    ids=["room", "deleted", "disabled", "empty"],
)
def test_nothing_is_planned_where_nothing_is_to_be_done(
    chat: Conversation, change: Callable[[Conversation], object]
) -> None:
    change(chat)
    assert planned(chat.pk) is None


def test_of_two_that_plan_the_same_one_makes_it(chat: Conversation) -> None:
    one, other = plan_of(chat), plan_of(chat)
    assert [claim(one), claim(other)] == [True, False]
    assert Summary.objects.get().claim == one.claim


def test_while_one_is_being_made_no_other_is(chat: Conversation) -> None:
    assert claim(plan_of(chat))
    assert not claim(plan_of(chat))


def test_what_a_process_left_is_made_by_the_next_one(chat: Conversation) -> None:
    assert claim(plan_of(chat))
    Summary.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claim(plan_of(chat))
    assert Summary.objects.count() == 1


def test_who_comes_back_late_stores_nothing(chat: Conversation) -> None:
    late = plan_of(chat)
    claim(late)
    Summary.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    claim(plan_of(chat))
    assert not keep(late, "too late")
    assert state() == SummaryState.MAKING


def test_what_was_said_is_kept_and_stands_for_them_from_now_on(chat: Conversation) -> None:
    plan = plan_of(chat)
    claim(plan)
    assert keep(plan, "  They counted.\x00  ")
    assert Summary.objects.get().text == "They counted."
    assert planned(chat.pk) is None


def test_the_next_one_is_built_upon_the_last_and_takes_its_place(chat: Conversation) -> None:
    first = plan_of(chat)
    claim(first)
    keep(first, "The beginning.")
    for number in range(3):
        leaf = add_turn(chat, f"later {number} {LONG}", f"said {number} {LONG}")
        chat.show(leaf=leaf, model=chat.model)
    second = plan_of(chat)
    assert "The summary so far:\n\nThe beginning." in asked(second)
    assert "question 0" not in asked(second)
    claim(second)
    keep(second, "The beginning and more.")
    assert Summary.objects.get().message_id == second.until != first.until


def test_an_edit_while_the_next_is_being_made_is_built_upon(chat: Conversation) -> None:
    base = a_summary(first_answer(chat), "As it was.")
    plan = plan_of(chat)
    claim(plan)
    digests.edit(base.message, "As it should be.")
    assert keep(plan, "Built upon what it was.")
    assert "As it should be." in asked(plan_of(chat))


def test_what_was_deleted_while_it_was_being_made_stays_deleted(chat: Conversation) -> None:
    base = a_summary(first_answer(chat), "As it was.")
    plan = plan_of(chat)
    claim(plan)
    digests.remove(base.message)
    assert not keep(plan, "Of no use.")
    assert not Summary.objects.exists()


def test_a_branch_that_leaves_before_has_none(chat: Conversation) -> None:
    plan = plan_of(chat)
    claim(plan)
    keep(plan, "The beginning.")
    chat.turn_to(first_answer(chat).pk)
    for number in range(4):
        chat.show(leaf=add_turn(chat, f"other {number} {LONG}", LONG), model=chat.model)
    assert plan_of(chat).built_on is None


def first_answer(conversation: Conversation) -> Message:
    return Message.objects.get(conversation=conversation, content__startswith="answer 0")


def test_why_it_failed_is_kept_until_the_next_try(chat: Conversation) -> None:
    plan = plan_of(chat)
    claim(plan)
    fail(plan, "rate_limit")
    assert Summary.objects.get().error == "rate_limit"
    assert claim(plan_of(chat))
    assert state() == SummaryState.MAKING


def test_a_model_that_is_gone_is_told_and_not_replaced(chat: Conversation) -> None:
    other = a_model(model_id="other")
    chat.summarise_by(other)
    Model.objects.filter(pk=other.pk).update(enabled=False)
    assert not claim(plan_of(chat))
    assert Summary.objects.get().error == Cause.MODEL


def test_its_text_counts_for_the_limit_of_the_day(chat: Conversation, settings: Settings) -> None:
    settings.LIMIT_MB_PER_DAY = 1
    allowed.forget_all()
    plan = plan_of(chat)
    assert plan.question is not None
    huge = replace(plan.question.request.messages[1], content="x" * 2_000_000)
    request = replace(plan.question.request, messages=(huge,))
    assert not claim(replace(plan, question=replace(plan.question, request=request)))
    assert Summary.objects.get().error == Cause.LIMIT


def test_what_was_asked_for_again_in_vain_is_forgotten(chat: Conversation) -> None:
    a_summary(first_answer(chat), "", state=SummaryState.ASKED)
    summaries.forget_asked(chat.pk)
    assert not Summary.objects.exists()


def test_who_makes_it_keeps_the_claim(chat: Conversation) -> None:
    plan = plan_of(chat)
    claim(plan)
    Summary.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    summaries.renew(plan)
    assert not claim(plan_of(chat))


def test_the_gauge_shows_what_is_sent_from_now_on(chat: Conversation) -> None:
    gauge_anew(chat.pk)
    before = Conversation.objects.get().gauged_tokens or 0
    a_summary(Message.objects.get(content__startswith="answer 2"), "Short.")
    gauge_anew(chat.pk)
    assert 0 < (Conversation.objects.get().gauged_tokens or 0) < before


def test_what_is_being_written_is_not_summarised(olivia: User, chat: Conversation) -> None:
    before = plan_of(chat)
    sent = send(olivia, a_question(Model.objects.get(), f"a next one {LONG}"), chat)
    sent.answer.keep(content=LONG * 9)
    assert plan_of(chat).until == before.until


def test_a_summary_that_is_too_long_leaves_room_for_the_last_turn(chat: Conversation) -> None:
    plan = plan_of(chat)
    claim(plan)
    keep(plan, "word " * 2000)
    assert planned(chat.pk) is None


def test_a_turn_whose_answer_is_not_chosen_yet_is_not_summarised(
    olivia: User, chat: Conversation
) -> None:
    before = plan_of(chat)
    model = Model.objects.get()
    sent = send(olivia, a_question(model, LONG, beside=[a_model(model_id="other")]), chat)
    for each in (sent, *sent.beside):
        end(each.answer, LONG * 9)
    assert plan_of(chat).until == before.until
