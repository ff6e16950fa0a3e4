from datetime import timedelta

import pytest
from django.utils import timezone

from chatsite.models import User
from conversations.models import Generation
from conversations.models.generation import MOVES, State
from tests.chats import a_conversation, a_model, add_turn, asked

ENDS = [state for state in State if state is not State.RUNNING]


@pytest.mark.parametrize("end", ENDS)
def test_a_running_run_can_end_in_each_way(olivia: User, end: State) -> None:
    asked(olivia, a_model())
    assert Generation.objects.all().move(end) == 1


@pytest.mark.parametrize("end", ENDS)
def test_an_end_is_final(olivia: User, end: State) -> None:
    add_turn(a_conversation(olivia), "q", "a", end)
    assert [Generation.objects.all().move(to) for to in State] == [0] * len(State)


def test_every_state_stands_in_the_table() -> None:
    assert set(MOVES) == set(State)


def test_a_run_is_abandoned_when_its_lease_has_passed(olivia: User) -> None:
    asked(olivia, a_model())
    now = timezone.now()
    assert not Generation.objects.abandoned(now).exists()
    assert Generation.objects.abandoned(now + timedelta(seconds=11)).exists()
