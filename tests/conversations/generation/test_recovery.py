import asyncio
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import InterfaceError

from chatsite.models import User
from conversations.generation import recovery, store
from conversations.generation.recovery import LOOKS, Pulse
from conversations.models import Generation, Message
from conversations.models.generation import State
from conversations.spending import spent_in
from providers.models import Call
from providers.text import estimated_tokens
from tests.chats import a_model, asked
from tests.conversations.generation.refusals import refusing

ANSWER = uuid4()
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

Leases = Iterator[datetime]


def still() -> Leases:
    while True:
        yield NOON


def moving(step: timedelta) -> Leases:
    lease = NOON
    while True:
        yield lease
        lease += step


def found(leases: Leases, looks: int, alive: Collection[UUID] = ()) -> bool:
    """Whether the last of these looks at one answer's lease found it abandoned."""
    pulse = Pulse()
    return bool([pulse.look({ANSWER: next(leases)}, alive) for _ in range(looks)][-1])


def test_a_lease_that_stands_still_is_found_abandoned() -> None:
    assert found(still(), LOOKS + 1)


def test_one_look_fewer_and_its_process_may_only_be_slow() -> None:
    assert not found(still(), LOOKS)


@pytest.mark.parametrize("hours", [-5, 5], ids=["back", "on"])
def test_a_clock_that_jumps_ends_no_run(hours: int) -> None:
    assert not found(moving(timedelta(hours=hours)), 50)


def test_a_lease_that_passed_while_the_machine_slept_ends_no_run() -> None:
    assert not found(iter([NOON] * LOOKS + [NOON + timedelta(days=1)] * LOOKS), 2 * LOOKS)


def test_what_is_alive_here_is_never_abandoned() -> None:
    assert not found(still(), 50, alive=[ANSWER])


def test_what_ended_in_between_is_forgotten() -> None:
    pulse = Pulse()
    for _ in range(LOOKS):
        pulse.look({ANSWER: NOON}, [])
    pulse.look({}, [])
    assert pulse.look({ANSWER: NOON}, []) == []


def test_an_abandoned_run_is_interrupted_with_its_text_kept(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Message.objects.filter(pk=sent.answer.pk).update(content="so far")
    [(answer_id, lease)] = store.leases().items()
    assert store.interrupt(answer_id, lease) == 1
    assert Generation.objects.get().state == State.INTERRUPTED
    assert Message.objects.get(pk=sent.answer.pk).content == "so far"


def test_what_an_abandoned_run_may_have_cost_is_in_the_ledger(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Message.objects.filter(pk=sent.answer.pk).update(content="so far")
    store.interrupt(sent.answer.pk, store.leases()[sent.answer.pk])
    row = Call.objects.get()
    assert (row.user, row.outcome, row.completion_tokens) == (olivia, "interrupted", 2)
    assert row.charge.answer_id == sent.answer.pk


def test_what_it_may_have_cost_is_told_of_the_answer_too(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Message.objects.filter(pk=sent.answer.pk).update(content="so far")
    store.interrupt(sent.answer.pk, store.leases()[sent.answer.pk])
    before = spent_in(sent.conversation.pk)
    Message.objects.filter(pk=sent.answer.pk).delete()
    assert before.tokens
    assert spent_in(sent.conversation.pk) == before


def test_of_one_that_was_continued_the_beginning_is_not_paid_twice(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Message.objects.filter(pk=sent.answer.pk).update(content="a part of some words so far")
    Generation.objects.update(completion_tokens=5)
    store.interrupt(sent.answer.pk, store.leases()[sent.answer.pk])
    whole = estimated_tokens(len("a part of some words so far"))
    assert Call.objects.get().completion_tokens == whole - 5
    assert Generation.objects.get().completion_tokens == whole


def test_a_run_that_gave_a_sign_of_life_meanwhile_goes_on(olivia: User) -> None:
    sent = asked(olivia, a_model())
    lease = store.leases()[sent.answer.pk]
    store.checkpoint([], alive=[sent.answer.pk])
    assert store.interrupt(sent.answer.pk, lease) == 0


def test_what_was_ended_elsewhere_is_not_written_over(olivia: User) -> None:
    sent = asked(olivia, a_model())
    Generation.objects.all().move(State.INTERRUPTED)
    store.checkpoint([(sent.answer.pk, store.Written("too late", ""))], [sent.answer.pk])
    assert Message.objects.get(pk=sent.answer.pk).content == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [InterfaceError("closed"), ValueError("no")], ids=repr)
async def test_whatever_goes_wrong_it_goes_on_looking(error: Exception) -> None:
    async with refusing(error, 'SELECT "conversations_generation"', times=2) as refusals:
        looking = asyncio.create_task(recovery.keep_looking())
        await refusals.used_up()
        await asyncio.sleep(0.2)
        assert not looking.done()
        looking.cancel()


def test_only_a_run_that_is_alive_renews_its_lease(olivia: User) -> None:
    sent = asked(olivia, a_model())
    before = store.leases()
    store.checkpoint([], alive=[])
    assert store.leases() == before
    store.checkpoint([], alive=[sent.answer.pk])
    assert store.leases() != before
