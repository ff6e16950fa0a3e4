"""Branches of the tests, made and read by plain functions."""

from uuid import uuid4

from chatsite.models import User
from conversations.branch import branch_lines
from conversations.models import Conversation, Generation, Message
from conversations.models.generation import State
from conversations.models.message import Role
from conversations.sending import Sent, send
from providers.models import Model
from tests.chats import a_model, a_question


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


def models(count: int = 2) -> list[Model]:
    """Named m0, m1 and so on."""
    return [a_model(model_id=f"m{number}") for number in range(count)]


def compared(user: User, count: int = 2) -> Sent:
    """A new conversation whose question so many models answer; none has begun."""
    first, *others = models(count)
    return send(user, a_question(first, "which?", beside=others))


def end(answer: Message, text: str = "", state: State = State.COMPLETE) -> None:
    Message.objects.filter(pk=answer.pk).update(content=text)
    Generation.objects.filter(message=answer).move(state)
