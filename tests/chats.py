"""Conversations and models of the tests, made by plain functions."""

from uuid import uuid4

from django.utils import timezone

from chatsite.models import User
from conversations.models import Conversation, Generation, Message, Summary
from conversations.models.generation import State
from conversations.models.message import Role
from conversations.models.summary import SummaryState
from conversations.sending import Question, Sent, send
from providers.models import Model, Provider


def a_model(
    base_url: str = "http://127.0.0.1:9/v1", model_id: str = "m", **fields: object
) -> Model:
    """A model that everybody may use; port 9 discards, nobody listens there."""
    provider, _made = Provider.objects.get_or_create(
        name="Scripted", defaults={"base_url": base_url}
    )
    return Model.objects.create(provider=provider, model_id=model_id, **fields)


def a_question(model: Model, text: str = "Why is the sky blue?", **fields: object) -> Question:
    return Question(**{"text": text, "model": model, "send_id": uuid4(), **fields})  # type: ignore[arg-type]


def asked(user: User, model: Model, text: str = "Why is the sky blue?") -> Sent:
    """A new conversation whose answer is still to be written."""
    return send(user, a_question(model, text))


def a_conversation(owner: User, title: str = "A chat", turns: int = 0) -> Conversation:
    """A conversation with `turns` questions, each answered."""
    conversation = Conversation.objects.create(owner=owner, title=title)
    for number in range(turns):
        leaf = add_turn(conversation, f"question {number}", f"answer {number}")
        conversation.show(leaf=leaf, model=None)
    return conversation


def add_turn(
    conversation: Conversation, question: str, answer: str, state: State = State.COMPLETE
) -> Message:
    """One question and its answer at the end of the shown branch; gives back the answer."""
    asked = Message.objects.create(
        conversation=conversation,
        parent_id=conversation.leaf_id,
        role=Role.USER,
        author=conversation.owner,
        send_id=uuid4(),
        content=question,
    )
    written = Message.objects.create(
        conversation=conversation, parent=asked, role=Role.ASSISTANT, content=answer
    )
    Generation.objects.create(
        message=written, state=state, runner="a test", lease_until=timezone.now()
    )
    return written


def a_summary(message: Message | None, text: str = "What was said.", **fields: object) -> Summary:
    """Of everything up to this message."""
    assert message is not None
    given = {"state": SummaryState.MADE, "text": text, "model_name": "m", **fields}
    return Summary.objects.create(message=message, conversation_id=message.conversation_id, **given)
