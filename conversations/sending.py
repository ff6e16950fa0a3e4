"""Asking: question, answer rows and runs are stored in one transaction, or nothing is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from conversations.branch import branch_lines, said_so_far
from conversations.compared import compared_below, is_compared
from conversations.context import request_of
from conversations.drafts import drop
from conversations.generation.order import Order
from conversations.generation.store import claim
from conversations.limits import (
    NotNow,
    check_asking,
    check_running,
    check_sending,
    give_back,
    running_answers_of,
)
from conversations.locks import lock_owner, locked, locked_folder
from conversations.models import Conversation, Folder, Message
from conversations.models.conversation import Titled
from conversations.models.message import Role
from conversations.search.index import enter_question
from conversations.titles import title_from
from conversations.transcript import Line
from conversations.versions import is_in_view, leave
from providers.models import Model
from providers.routes import Routes


class AnotherText(Exception):
    """This send id was used before, for something else."""


class AnswerRunning(Exception):
    """The answer that this would come after, or take the place of, is still being written."""


class NotTheLast(Exception):
    """The conversation has gone on since: another message stands in the place of this one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a user wants to send. `send_id` is the page's own id for it; `system_prompt` and
    `parameters`, by their names on the wire, are those of a conversation that begins with it. What
    waited in the queue is not what is being written by now. The models `beside` answer it too."""

    text: str
    model: Model
    send_id: UUID
    system_prompt: str = ""
    folder: Folder | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    keeps_draft: bool = False
    beside: Sequence[Model] = ()

    @property
    def models(self) -> list[Model]:
        return [self.model, *self.beside]


@dataclass(frozen=True, slots=True)
class Sent:
    """What was stored. `order` is None when this send had been taken before; `beside` has the
    other answers to the same question."""

    conversation: Conversation
    question: Message
    answer: Message
    order: Order | None
    beside: Sequence["Sent"] = ()

    @property
    def orders(self) -> list[Order]:
        """Of all runs that are to begin."""
        return [sent.order for sent in (self, *self.beside) if sent.order]


def send(
    user: AbstractBaseUser, question: Question, conversation: Conversation | None = None
) -> Sent:
    """Store a question and claim the run of its answer; the same send twice is taken once."""
    return _once(user, question, lambda: _store(user, question, conversation))


def edit(user: AbstractBaseUser, question: Question, old: Message) -> Sent:
    """Ask otherwise: `question` beside `old`, which is kept with all that followed it.

    Two that are sent at once are both kept, and the last one is shown.
    """
    return _once(user, question, lambda: _store_beside(user, question, old))


def retry(message: Message, model: Model) -> Sent:
    """A new answer beside this one, which is kept with all that followed it; or the answer that a
    question lacks. Of one that is compared the new one stays in the comparison.

    Only to what is shown: what is pressed twice, or in a page that is behind, finds another there.
    """
    with transaction.atomic():
        conversation = locked(message.conversation)
        check_may_begin(conversation, message.pk)
        question = message if message.role == Role.USER else message.parent
        if question is None or not _can_retry(conversation, message):
            raise NotTheLast
        leave(conversation, question.pk)
        lines = branch_lines(conversation, question.pk)
        beside = is_compared(message, conversation.leaf_id)
        return store_answers(conversation, question, lines, [model], beside=beside)


def locked_at(answer: Message) -> Conversation:
    """The answer's conversation, locked, where a run may begin now: at this answer, as its last."""
    conversation = locked(answer.conversation)
    check_may_begin(conversation, answer.pk)
    if conversation.leaf_id != answer.pk and not is_compared(answer, conversation.leaf_id):
        raise NotTheLast
    return conversation


def check_may_begin(conversation: Conversation, *at: UUID | None, count: int = 1) -> None:
    """So many answers, where none of those `at` is being written. What is written in other
    branches goes on, and counts."""
    running = running_answers_of(conversation.owner_id)
    if not set(running).isdisjoint(at):
        raise AnswerRunning
    check_running(conversation.owner_id, len(running), count)
    check_asking(conversation.owner_id, count)


def store_answers(
    conversation: Conversation,
    question: Message,
    lines: list[Line],
    models: Sequence[Model],
    *,
    beside: bool = False,
    name: Callable[[Model], str] = str,
) -> Sent:
    """One answer of each model, its run claimed; `lines` are what it is told. `conversation` and
    `question` may be new: they are stored with it. Several are compared, and so is one `beside`
    others: then the branch in view ends with their question."""
    answers = [_answer(conversation, question, model, at) for at, model in enumerate(models)]
    for answer, model in zip(answers, models, strict=True):
        answer.model_name = name(model)[:255]
    leaf = question if beside or len(answers) > 1 else answers[0]
    conversation.show(leaf=leaf, model=None if beside else models[0])
    new = [message for message in (question, *answers) if message._state.adding]
    Message.objects.bulk_create(new)
    if question in new:
        enter_question(conversation.owner_id, question)
    for answer in answers:
        claim(answer)
    asked = zip(answers, models, strict=True)
    orders = [_order(conversation, answer, lines, model) for answer, model in asked]
    check_sending(conversation.owner_id, sum(order.size for order in orders))
    sent = [Sent(conversation, question, order.answer, order) for order in orders]
    return replace(sent[0], beside=sent[1:])


def order_of(conversation: Conversation, answer: Message, lines: list[Line], model: Model) -> Order:
    """What the run of an answer that was just claimed needs to know; NotNow if that is more text
    than the user may send to services today."""
    order = _order(conversation, answer, lines, model)
    check_sending(order.owner_id, order.size)
    return order


def _once(user: AbstractBaseUser, question: Question, store: Callable[[], Sent]) -> Sent:
    try:
        with transaction.atomic():
            return store()
    except (IntegrityError, AnswerRunning, NotNow) as error:
        # Looked for only now: a send is hardly ever a second one, and the first should be fast.
        if taken := _taken_before(user, question):
            if isinstance(error, IntegrityError):
                # It had come as far as to be counted.
                give_back(user.pk, len(question.models))
            return taken
        raise


def _can_retry(conversation: Conversation, message: Message) -> bool:
    """A question is answered once by this: then it is not the last any more, or has several."""
    if message.role == Role.USER:
        return conversation.leaf_id == message.pk and not compared_below(message.pk)
    return is_in_view(conversation, message)


def _taken_before(user: AbstractBaseUser, question: Question) -> Sent | None:
    stored = (
        Message.objects.select_related("conversation")
        .filter(author_id=user.pk, send_id=question.send_id)
        .first()
    )
    if stored is None:
        return None
    if stored.conversation.deleted_at or stored.deleted_at:
        raise Conversation.DoesNotExist
    if stored.content != question.text:
        raise AnotherText
    answers = stored.replies.filter(role=Role.ASSISTANT, deleted_at=None)
    answer = answers.select_related("generation").order_by("-created_at").first()
    if answer is None:
        raise Conversation.DoesNotExist
    return Sent(stored.conversation, stored, answer, None)


def _store(user: AbstractBaseUser, question: Question, conversation: Conversation | None) -> Sent:
    draft_of = conversation
    if conversation is None:
        lock_owner(user.pk)
        conversation = Conversation(
            owner_id=user.pk,
            title=title_from(question.text),
            titled=Titled.WORDS,
            system_prompt=question.system_prompt,
            folder=question.folder and _still_there(question.folder, user),
            parameters=dict(question.parameters),
        )
    else:
        conversation = locked(conversation)
    # Not before the lock: a draft that is just being kept would come after it.
    if not question.keeps_draft:
        drop(user, draft_of)
    before, compared = said_so_far(conversation)
    at = [conversation.leaf_id, *(answer.pk for answer in compared)]
    check_may_begin(conversation, *at, count=len(question.models))
    return _asked(user, question, conversation, before)


def _store_beside(user: AbstractBaseUser, question: Question, old: Message) -> Sent:
    conversation = locked(old.conversation)
    check_may_begin(conversation, count=len(question.models))
    if not Message.objects.kept().filter(pk=old.pk).exists():
        raise Message.DoesNotExist
    leave(conversation, old.parent_id)
    return _asked(user, question, conversation, branch_lines(conversation, old.parent_id))


def _asked(
    user: AbstractBaseUser, question: Question, conversation: Conversation, before: list[Line]
) -> Sent:
    """After the last of the lines `before`."""
    message = Message(
        conversation=conversation,
        parent_id=before[-1].id if before else None,
        role=Role.USER,
        author_id=user.pk,
        send_id=question.send_id,
        content=question.text,
    )
    lines = [*before, Line("user", message.content)]
    return store_answers(conversation, message, lines, question.models)


def _still_there(folder: Folder, user: AbstractBaseUser) -> Folder | None:
    """In one that was deleted meanwhile nobody would find the chat."""
    try:
        return locked_folder(folder.pk, user.pk)
    except Folder.DoesNotExist:
        return None


def _answer(conversation: Conversation, question: Message, model: Model, number: int) -> Message:
    """In the order in which they are asked they also stand."""
    return Message(
        conversation=conversation,
        parent=question,
        role=Role.ASSISTANT,
        model=model,
        created_at=timezone.now() + timedelta(microseconds=number),
    )


def _order(conversation: Conversation, answer: Message, lines: list[Line], model: Model) -> Order:
    request = request_of(conversation, lines, model)
    generation, routes = answer.generation, Routes.to(model)
    return Order(conversation.owner_id, answer, generation, routes, request, timezone.now())
