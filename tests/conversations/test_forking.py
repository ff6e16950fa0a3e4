"""A fork: a conversation of its own, with all up to the message where it was made."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chatsite.models import User
from conversations.forking import AT_ONCE, COPYING, fork
from conversations.limits import NotNow
from conversations.models import Conversation, Generation, Message, Picture
from conversations.models.conversation import UNDO_PERIOD
from conversations.models.generation import State
from conversations.purging import purge
from conversations.search.finding import Wanted, find
from conversations.search.query import parse
from conversations.sending import AnswerRunning
from conversations.spending import spent_in
from tests import people
from tests.chats import a_conversation, a_model, asked
from tests.conversations.branching import texts_shown, version_beside

INSERT = 'INSERT INTO "conversations_message"'
# More than the limit of a megabyte.
LARGE = 1 << 21


def _of(text: str) -> Message:
    return Message.objects.select_related("conversation").get(content=text)


def test_it_holds_the_path_and_nothing_beside_or_below_it(olivia: User) -> None:
    chat = a_conversation(olivia, turns=3)
    version_beside(_of("question 0"), "beside")
    begun = fork(olivia, _of("answer 1"), uuid4())
    assert texts_shown(begun) == ["question 0", "answer 0", "question 1", "answer 1"]
    assert begun.messages.count() == 4
    assert chat.messages.count() == 7


def test_it_can_be_made_in_a_branch_that_is_not_shown(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    other = version_beside(_of("question 0"), "other")
    assert texts_shown(fork(olivia, other, uuid4())) == ["other"]


def test_it_keeps_what_was_set_for_the_chat(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    Conversation.objects.update(
        system_prompt="Be brief", parameters={"temperature": 0}, model=a_model()
    )
    begun = fork(olivia, _of("answer 0"), uuid4())
    chat.refresh_from_db()
    same = ("system_prompt", "parameters", "model_id", "owner_id")
    assert [getattr(begun, name) for name in same] == [getattr(chat, name) for name in same]


def test_what_is_done_to_it_leaves_the_first_one_alone(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    fork(olivia, _of("answer 0"), uuid4()).delete()
    assert texts_shown(chat) == ["question 0", "answer 0"]


def test_it_has_cost_nothing_yet(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    Generation.objects.update(completion_tokens=9, cost=1, currency="USD")
    begun = fork(olivia, _of("answer 0"), uuid4())
    assert (spent_in(begun.pk).tokens, spent_in(begun.pk).amount) == (0, "")


def test_its_images_are_its_own(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    Picture.objects.create(message=_of("answer 0"), number=0, data=b"drawn", media_type="image/png")
    begun = fork(olivia, _of("answer 0"), uuid4())
    chat.delete()
    kept = Picture.objects.defer(None).get(message__conversation=begun)
    assert bytes(kept.data) == b"drawn"


def test_its_words_are_found(olivia: User) -> None:
    a_conversation(olivia, "A chat", turns=1)
    fork(olivia, _of("answer 0"), uuid4())
    assert len(find(olivia, Wanted(parse("answer 0"))).hits) == 1


def test_an_answer_that_is_being_written_is_waited_for(olivia: User) -> None:
    sent = asked(olivia, a_model())
    with pytest.raises(AnswerRunning):
        fork(olivia, sent.answer, uuid4())
    assert Conversation.objects.count() == 1


@override_settings(LIMIT_MESSAGES_PER_MINUTE=1)
def test_it_counts_as_a_question(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    fork(olivia, _of("answer 0"), uuid4())
    with pytest.raises(NotNow):
        fork(olivia, Message.objects.filter(content="answer 0")[0], uuid4())


def test_a_failed_answer_stays_one(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    Generation.objects.update(state=State.FAILED, error_kind="timeout")
    begun = fork(olivia, _of("answer 0"), uuid4())
    assert begun.messages.get(content="answer 0").generation.error_kind == "timeout"


def test_pressed_twice_it_is_one_chat(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    answer, key = _of("answer 0"), uuid4()
    assert fork(olivia, answer, key) == fork(olivia, answer, key)
    assert Conversation.objects.count() == 2


def test_pressed_again_while_it_is_copied_it_is_not_made_twice(olivia: User) -> None:
    chat = a_conversation(olivia, turns=1)
    half = Conversation.objects.create(owner=olivia, deleted_at=timezone.now())
    with pytest.raises(NotNow, match="being made already"):
        fork(olivia, _of("answer 0"), half.pk)
    # Whoever copied it is gone.
    Conversation.objects.filter(pk=half.pk).update(created_at=timezone.now() - 2 * COPYING)
    assert fork(olivia, _of("answer 0"), half.pk) not in (chat, half)


def test_the_key_of_what_is_gone_or_a_stranger_s_is_as_good_as_none(
    olivia: User, sam: User
) -> None:
    a_conversation(olivia, turns=1)
    theirs, first = a_conversation(sam), fork(olivia, _of("answer 0"), uuid4())
    first.delete_softly()
    answer = Message.objects.filter(conversation__deleted_at=None, content="answer 0")[0]
    made = [fork(olivia, answer, key) for key in (theirs.pk, first.pk)]
    assert not {theirs, first} & set(made)
    assert [each.owner_id for each in made] == [olivia.pk, olivia.pk]


@override_settings(LIMIT_MB_PER_DAY=1)
def test_its_thoughts_count_as_its_text_does(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    Message.objects.filter(content="answer 0").update(reasoning="x" * LARGE)
    with pytest.raises(NotNow):
        fork(olivia, _of("answer 0"), uuid4())
    assert Conversation.objects.count() == 1


@override_settings(LIMIT_MB_PER_DAY=1)
def test_its_images_count_too(olivia: User) -> None:
    a_conversation(olivia, turns=1)
    drawn = {"data": b"x" * LARGE, "media_type": "image/png"}
    Picture.objects.create(message=_of("answer 0"), number=0, **drawn)
    with pytest.raises(NotNow):
        fork(olivia, _of("answer 0"), uuid4())
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_each_part_of_it_is_a_transaction_of_its_own() -> None:
    olivia = people.olivia()
    a_conversation(olivia, turns=AT_ONCE)
    with CaptureQueriesContext(connection) as captured:
        fork(olivia, _of(f"answer {AT_ONCE - 1}"), uuid4())
    transactions = "\n".join(query["sql"] for query in captured).split("COMMIT")
    assert sum(INSERT in each for each in transactions) == 2


def test_what_dies_half_way_is_shown_nowhere_and_is_purged(olivia: User) -> None:
    chat = a_conversation(olivia, turns=AT_ONCE)
    last = _of(f"answer {AT_ONCE - 1}")
    with connection.execute_wrapper(_dying()), pytest.raises(OperationalError):
        fork(olivia, last, uuid4())
    assert list(Conversation.objects.for_user(olivia)) == [chat]
    begun = Conversation.objects.exclude(pk=chat.pk)
    assert Message.objects.filter(conversation__in=begun).count() == AT_ONCE
    begun.update(deleted_at=timezone.now() - 2 * UNDO_PERIOD)
    purge()
    assert not begun.exists()


def _dying() -> Callable[..., Any]:
    """The database fails at the second part."""
    parts: list[str] = []

    def execute(run: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "conversations_generation"'):
            parts.append(sql)
            if len(parts) == 2:
                raise OperationalError
        return run(sql, *args)

    return execute
