"""Walks through trees that are none."""

from uuid import uuid4

import pytest
from django.utils import timezone

from chatsite.models import User
from conversations.models import Conversation, Message
from conversations.walks import Walk, mark_under, newest_under
from tests.chats import a_conversation


@pytest.fixture
def circle(olivia: User) -> Conversation:
    """The question follows its own answer, which no page can do."""
    chat = a_conversation(olivia, turns=1)
    Message.objects.filter(conversation=chat, role="user").update(parent=chat.leaf_id)
    return chat


def test_a_walk_up_a_circle_ends(circle: Conversation) -> None:
    assert Walk(circle.pk, circle.leaf_id).steps_to(uuid4()) is None


def test_a_walk_down_a_circle_ends(circle: Conversation) -> None:
    assert circle.leaf_id
    found = newest_under(circle.leaf_id)
    assert Message.objects.filter(pk=found, conversation=circle).exists()


def test_a_circle_is_deleted_once(circle: Conversation) -> None:
    assert circle.leaf_id
    assert mark_under(circle.leaf_id, None, timezone.now()) == 2
