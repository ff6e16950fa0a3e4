"""Asking: question, answer row and run are stored in one transaction, or nothing is."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from conversations.branch import branch_lines
from conversations.drafts import drop
from conversations.generation.order import Order
from conversations.generation.store import claim
from conversations.limits import (
    NotNow,
    check_asking,
    check_running,
    check_sending,
    give_back,
    running_conversations,
)
from conversations.locks import lock_owner, locked
from conversations.models import Conversation, Message
from conversations.models.message import Role
from conversations.search.index import enter_question
from conversations.titles import title_from
from conversations.transcript import Line, assemble
from providers.messages import ChatRequest
from providers.models import Model
from providers.quirks import known_of
from providers.routes import Routes


class AnotherText(Exception):
    """This send id was used before, for something else."""


class AnswerRunning(Exception):
    """The conversation's answer is still being written."""


class NotTheLast(Exception):
    """The conversation has gone on since: another answer would hide what came after this one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a user wants to send. `send_id` is the page's own id for it. What waited in the queue
    is not what is being written by now."""

    text: str
    model: Model
    send_id: UUID
    system_prompt: str = ""
    keeps_draft: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What was stored. `order` is None when this send had been taken before."""

    conversation: Conversation
    question: Message
    answer: Message
    order: Order | None


def send(
    user: AbstractBaseUser, question: Question, conversation: Conversation | None = None
) -> Sent:
    """Store a question and claim the run of its answer; the same send twice is taken once."""
    try:
        with transaction.atomic():
            return _store(user, question, conversation)
    except (IntegrityError, AnswerRunning, NotNow) as error:
        # Looked for only now: a send is hardly ever a second one, and the first should be fast.
        if taken := _taken_before(user, question):
            if isinstance(error, IntegrityError):
                # It had come as far as to be counted.
                give_back(user.pk)
            return taken
        raise


def retry(answer: Message, model: Model) -> Sent:
    """A new answer to the same question, beside the old one; the old one is kept.

    Only to the last: what is pressed twice, or in a page that is behind, finds a new last one.
    """
    question = answer.parent
    if question is None:
        raise Message.DoesNotExist
    with transaction.atomic():
        conversation = locked_at(answer)
        before = branch_lines(conversation, question.parent_id)
        return _answered(conversation, question, before, model)


def locked_at(answer: Message) -> Conversation:
    """The answer's conversation, locked, where a run may begin now: at this answer, as its last."""
    conversation = locked(answer.conversation)
    _check_may_begin(conversation)
    if conversation.leaf_id != answer.pk:
        raise NotTheLast
    return conversation


def _taken_before(user: AbstractBaseUser, question: Question) -> Sent | None:
    stored = (
        Message.objects.select_related("conversation")
        .filter(author_id=user.pk, send_id=question.send_id)
        .first()
    )
    if stored is None:
        return None
    if stored.conversation.deleted_at:
        raise Conversation.DoesNotExist
    if stored.content != question.text:
        raise AnotherText
    answer = stored.replies.select_related("generation").latest("created_at")
    return Sent(stored.conversation, stored, answer, None)


def _store(user: AbstractBaseUser, question: Question, conversation: Conversation | None) -> Sent:
    draft_of = conversation
    if conversation is None:
        lock_owner(user.pk)
        conversation = Conversation(
            owner_id=user.pk,
            title=title_from(question.text),
            system_prompt=question.system_prompt,
        )
    else:
        conversation = locked(conversation)
    # Not before the lock: a draft that is just being kept would come after it.
    if not question.keeps_draft:
        drop(user, draft_of)
    _check_may_begin(conversation)
    before = branch_lines(conversation, conversation.leaf_id)
    message = Message(
        conversation=conversation,
        parent_id=conversation.leaf_id,
        role=Role.USER,
        author_id=user.pk,
        send_id=question.send_id,
        content=question.text,
    )
    return _answered(conversation, message, before, question.model)


def _check_may_begin(conversation: Conversation) -> None:
    running = running_conversations(conversation.owner_id)
    if conversation.pk in running:
        raise AnswerRunning
    check_running(conversation.owner_id, len(running))
    check_asking(conversation.owner_id)


def _answered(
    conversation: Conversation, question: Message, before: list[Line], model: Model
) -> Sent:
    """`conversation` and `question` may be new: they are stored with their answer."""
    answer = Message(
        conversation=conversation,
        parent=question,
        role=Role.ASSISTANT,
        model=model,
        model_name=str(model),
    )
    conversation.show(leaf=answer, model=model)
    new = [message for message in (question, answer) if message._state.adding]
    Message.objects.bulk_create(new)
    if question in new:
        enter_question(conversation.owner_id, question)
    claim(answer)
    lines = [*before, Line("user", question.content)]
    return Sent(conversation, question, answer, order_of(conversation, answer, lines, model))


def order_of(conversation: Conversation, answer: Message, lines: list[Line], model: Model) -> Order:
    """What the run of an answer that was just claimed needs to know; NotNow if that is more text
    than the user may send to services today."""
    messages = assemble(conversation.system_prompt, lines, model.context_window)
    request = ChatRequest(model.model_id, messages, conversation.parameters, known_of(model))
    generation, routes = answer.generation, Routes.to(model)
    order = Order(conversation.owner_id, answer, generation, routes, request, timezone.now())
    check_sending(order.owner_id, order.size)
    return order
