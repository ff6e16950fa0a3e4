"""Out, into an empty account, and out again."""

import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chatsite.models import User
from conversations.exporting import as_json
from conversations.generation import store as generation_store
from conversations.importing.reading import entries
from conversations.importing.values import Source
from conversations.models import Conversation, Generation, ImportJob, Message, Picture, Summary
from conversations.models.generation import State
from conversations.models.import_job import JobState
from conversations.models.summary import SummaryState
from conversations.transcript import Keep, Mark
from tests.chats import a_conversation, add_turn
from tests.conversations.importing.taking import take

PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\0" * 20
EARLY = datetime(2025, 1, 2, 3, 4, 5, 678901, UTC)


def exported(user: User) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(as_json.export(user)))
    return found


def brought_to(user: User, document: dict[str, Any]) -> list[bool]:
    """Whether each of its conversations was new."""
    job = ImportJob.objects.create(owner=user, state=JobState.RUNNING)
    stream = io.BytesIO(json.dumps(document).encode())
    return [
        take(job, entry) for _number, entry in entries(stream, 10**7) if isinstance(entry, Source)
    ]


@pytest.fixture
def rich(olivia: User) -> Conversation:
    """Branches, a failed answer, one that was measured to the last token, an image."""
    chat = a_conversation(olivia, "Tides 潮汐", turns=2)
    chat.system_prompt, chat.parameters = "Be brief.", {"temperature": 0.2, "stop": ["END"]}
    chat.created_at, chat.keep, chat.keep_amount = EARLY, Keep.SUMMARY, 4000
    chat.save()
    answers = list(Message.objects.filter(conversation=chat, role="assistant"))
    other = Message.objects.create(
        conversation=chat,
        parent=answers[0].parent,
        role="assistant",
        content="another **answer**",
        reasoning="hm 🙂",
        model_name="Large",
    )
    Generation.objects.create(
        message=other,
        state=State.STOPPED,
        runner="a test",
        lease_until=EARLY,
        started_at=EARLY,
        ended_at=EARLY + timedelta(seconds=3),
        prompt_tokens=12,
        completion_tokens=34,
        tokens_basis="measured",
        cost=Decimal("0.000123456"),
        currency="USD",
        cost_basis="estimated",
        finish_reason="length",
        route="Scripted",
    )
    Picture.objects.create(message=other, number=0, data=PIXEL, media_type="image/png")
    answers[0].keep(mark=Mark.PINNED)
    Summary.objects.create(
        message=answers[0],
        conversation=chat,
        state=SummaryState.MADE,
        text="They asked 🌊",
        is_edited=True,
        model_name="Small",
    )
    failed = Generation.objects.filter(message=answers[1])
    failed.update(state=State.FAILED, error_kind="rate_limit")
    return chat


def test_export_import_export_is_equal(rich: Conversation, olivia: User, sam: User) -> None:
    first = exported(olivia)
    assert brought_to(sam, first) == [True]
    assert exported(sam)["conversations"] == first["conversations"]
    assert Message.objects.filter(conversation__owner=sam).count() == 5


def test_everything_that_was_said_is_in_it(rich: Conversation, olivia: User) -> None:
    [chat] = exported(olivia)["conversations"]
    [other] = [each for each in chat["messages"] if each.get("model") == "Large"]
    assert (chat["title"], chat["created_at"]) == ("Tides 潮汐", "2025-01-02T03:04:05.678901Z")
    assert other["answer"]["cost"] == {
        "amount": "0.000123456",
        "currency": "USD",
        "basis": "estimated",
    }
    assert (other["parent"], other["reasoning"], chat["leaf"]) == (1, "hm 🙂", 4)


def test_what_is_sent_of_it_comes_back(rich: Conversation, olivia: User, sam: User) -> None:
    brought_to(sam, exported(olivia))
    copy = Conversation.objects.for_user(sam).get()
    [summary] = copy.summaries.all()
    assert (copy.keep, copy.keep_amount) == (Keep.SUMMARY, 4000)
    assert (summary.text, summary.is_edited) == ("They asked 🌊", True)
    assert summary.message.mark == Mark.PINNED


@pytest.mark.parametrize(
    "sent",
    [
        [],
        {"keep": "tokens"},
        {"keep": "all", "amount": 4},
        {"keep": "much", "amount": 4},
        {"keep": "turns", "amount": 5000},
        {"keep": "summary", "amount": 1},
    ],
)
def test_what_nobody_could_have_set_sends_everything(
    rich: Conversation, olivia: User, sam: User, sent: object
) -> None:
    document = exported(olivia)
    document["conversations"][0] |= {"sent": sent}
    brought_to(sam, document)
    copy = Conversation.objects.for_user(sam).get()
    assert (copy.keep, copy.keep_amount) == (Keep.ALL, None)


def test_it_says_which_format_it_is(olivia: User) -> None:
    found = exported(olivia)
    assert (found["format"], found["version"], found["conversations"]) == ("chatsite", 1, [])


def test_a_second_import_makes_no_second_copy(rich: Conversation, olivia: User, sam: User) -> None:
    document = exported(olivia)
    assert brought_to(sam, document) == [True]
    assert brought_to(sam, document) == [False]


def test_what_is_there_still_is_not_imported_beside_it(rich: Conversation, olivia: User) -> None:
    assert brought_to(olivia, exported(olivia)) == [False]


def test_a_copy_of_a_copy_is_known_by_its_original(
    rich: Conversation, olivia: User, sam: User
) -> None:
    brought_to(sam, exported(olivia))
    assert brought_to(olivia, exported(sam)) == [False]


def test_what_was_deleted_comes_back(rich: Conversation, olivia: User, sam: User) -> None:
    brought_to(sam, exported(olivia))
    Conversation.objects.for_user(sam).get().delete_softly()
    assert brought_to(sam, exported(olivia)) == [True]
    assert Conversation.objects.for_user(sam).count() == 1


def test_others_and_what_was_deleted_are_not_in_it(olivia: User, sam: User) -> None:
    a_conversation(olivia, "Olivia's", turns=1)
    a_conversation(sam, "Sam's", turns=1).delete_softly()
    assert exported(sam)["conversations"] == []


def test_what_a_service_said_to_administrators_stays_here(rich: Conversation, olivia: User) -> None:
    Generation.objects.update(error_detail="the operator's secret", route="Scripted …f00d")
    assert "secret" not in "".join(as_json.export(olivia))


def test_an_answer_that_is_being_written_comes_in_as_interrupted(olivia: User, sam: User) -> None:
    add_turn(a_conversation(olivia), "q", "half", State.RUNNING)
    brought_to(sam, exported(olivia))
    assert Generation.objects.get(message__conversation__owner=sam).state == State.INTERRUPTED
    assert (
        generation_store.leases().keys()
        & set(Message.objects.filter(conversation__owner=sam).values_list("pk", flat=True))
        == set()
    )


def test_nothing_wrong_in_it_can_be_stored(olivia: User) -> None:
    row = {"number": 1, "role": "assistant", "text": "a", "created_at": "9999-12-31T23:59:59Z"}
    tokens = {"read": -1, "written": 10**30, "basis": "guessed"}
    answer = {"state": "flying", "tokens": tokens, "cost": {"amount": "NaN", "currency": "x"}}
    entry = {"id": "x", "leaf": 1, "title": "t" * 500, "parameters": {"temperature": "hot"}}
    told = {**entry, "messages": [{**row, "answer": {**answer, "error": "none such"}}]}
    assert brought_to(olivia, {"format": "chatsite", "version": 1, "conversations": [told]}) == [
        True
    ]
    stored = Generation.objects.get()
    assert (stored.state, stored.prompt_tokens, stored.cost) == (State.INTERRUPTED, None, None)


def test_the_number_of_queries_grows_by_a_few_for_each_conversation(
    olivia: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        a_conversation(olivia, f"{number}", turns=3)
    with django_assert_max_num_queries(2 + 10 * 3):
        "".join(as_json.export(olivia))
