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


def test_a_pause_is_no_time_of_thinking(olivia: User) -> None:
    generation = add_turn(a_conversation(olivia), "q", "a", State.STOPPED).generation
    generation.started_at = timezone.now() - timedelta(hours=1)
    generation.thought_until = generation.started_at + timedelta(seconds=12)
    generation.ended_at = generation.started_at + timedelta(seconds=20)
    assert generation.resume("somebody")
    generation.refresh_from_db()
    assert generation.thought_until - generation.started_at == timedelta(seconds=12)
