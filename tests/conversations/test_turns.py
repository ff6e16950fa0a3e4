"""What a page tells of a message."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from chatsite.models import User
from conversations.models import Message
from conversations.turns import answer_turn
from tests.chats import a_conversation, add_turn


@pytest.fixture
def answer(olivia: User) -> Message:
    """Thought about for two minutes, and written in one more."""
    found = add_turn(a_conversation(olivia), "q", "a")
    found.reasoning, run = "Let me see.", found.generation
    run.started_at = timezone.now()
    run.thought_until = run.started_at + timedelta(seconds=125)
    run.ended_at = run.started_at + timedelta(seconds=185)
    return found


def _told(answer: Message) -> str:
    turn = answer_turn(answer, answer.generation)
    return render_to_string("_thought.html", {"turn": turn}).strip()


def test_it_says_how_long_it_was_thought_about(answer: Message) -> None:
    assert _told(answer) == "Thought for 2 min 5 s"
    answer.generation.thought_until = answer.generation.started_at + timedelta(seconds=0.2)
    assert _told(answer) == "Thought for 1 s"


def test_what_ended_in_thoughts_was_thought_about_until_then(answer: Message) -> None:
    answer.content, answer.generation.thought_until = "", None
    assert _told(answer) == "Thought for 3 min 5 s"


def test_of_an_answer_from_before_nobody_knows(answer: Message) -> None:
    answer.generation.thought_until = None
    assert _told(answer) == "Thoughts"
