"""Branches of the tests, made and read by plain functions."""

from uuid import uuid4

from conversations.branch import branch_lines
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from conversations.models.message import Role


def version_beside(message: Message, text: str, state: State = State.COMPLETE) -> Message:
    """Another message after the same one, not shown yet and without any reply."""
    is_question = message.role == Role.USER
    made = Message.objects.create(
        conversation=message.conversation,
        parent_id=message.parent_id,
        role=message.role,
        author_id=message.author_id,
        send_id=uuid4() if is_question else None,
        content=text,
    )
    if not is_question:
        Generation.objects.create(message=made, state=state, lease_until=made.created_at)
    return made


def texts_shown(conversation: Conversation) -> list[str]:
    shown = Conversation.objects.get(pk=conversation.pk)
    return [line.text for line in branch_lines(shown, shown.leaf_id)]
