"""Messages that wait for the end of an answer, in the order in which they were written.

A message leaves the queue in the transaction that stores it as a question: whoever dies on the way,
it is in one of the two. Only a complete answer sends the next one by itself. What was stopped,
failed or was interrupted is for the user to look at first, and Send now is their word to go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from conversations import watching
from conversations.branch import said_so_far
from conversations.compared import running_in_view
from conversations.context import request_of
from conversations.drafts import drop
from conversations.generation.order import bytes_of
from conversations.limits import (
    NotNow,
    check_asking,
    check_running,
    check_sending,
    running_answers_of,
)
from conversations.locks import locked
from conversations.models import Conversation, Message, QueuedMessage
from conversations.models.generation import State
from conversations.models.queued import LIMITS, Held, QueuedMessageQuerySet, queue_stamp
from conversations.sending import AnotherText, AnswerRunning, Question, Sent, send
from conversations.transcript import Line
from providers.models import Model

# Of one conversation: more than anybody keeps in mind.
MOST = 10


class Full(Exception):
    """So many wait already."""


class OnlyAtOnce(Exception):
    """What is asked of several models does not wait."""


class NoModel(Exception):
    """Neither its model nor another one can be asked."""


@dataclass(frozen=True, slots=True)
class Queue:
    waiting: Sequence[QueuedMessage] = ()
    stamp: str = ""

    @property
    def is_edited(self) -> bool:
        return any(queued.is_edited for queued in self.waiting)


def queue_of(conversation: Conversation | None) -> Queue:
    if conversation is None:
        return Queue()
    waiting = list(conversation.queue.in_turn().select_related("model"))
    newest = max((queued.changed_at for queued in waiting), default=None)
    return Queue(waiting, queue_stamp(len(waiting), newest))


@transaction.atomic
def enqueue(user: AbstractBaseUser, question: Question, conversation: Conversation) -> Sent | None:
    """Keep a question until the answer that is being written is complete; what was sent, where
    none is. The same one twice is kept once."""
    conversation = locked(conversation)
    if _is_taken(user, question):
        return None
    after = _awaited(conversation)
    if after is None:
        # A page that puts it in line shows no question for it: it is told as the others are.
        _tell(conversation, by_page=False)
        return send(user, question, conversation)
    if question.beside:
        raise OnlyAtOnce
    if conversation.queue.count() >= MOST:
        raise Full
    drop(user, conversation)
    QueuedMessage.objects.create(
        conversation=conversation,
        author_id=user.pk,
        send_id=question.send_id,
        text=question.text,
        model=question.model,
        after=after,
    )
    _tell(conversation)
    return None


@transaction.atomic
def edit(conversation: Conversation, queued_id: UUID) -> None:
    """Nothing is sent until it is saved."""
    _found(conversation, queued_id).change(held=Held.EDITING)
    _tell(conversation)


@transaction.atomic
def save(conversation: Conversation, queued_id: UUID, text: str) -> None:
    # Another text is another send.
    fields = {"text": text, "send_id": uuid4()}
    _found(conversation, queued_id).change(held="", retry_at=None, **fields)
    _tell(conversation)


@transaction.atomic
def leave(conversation: Conversation, queued_id: UUID) -> None:
    """As it was before it was edited."""
    _found(conversation, queued_id).change(held="", retry_at=None)
    _tell(conversation)


@transaction.atomic
def remove(conversation: Conversation, queued_id: UUID) -> None:
    """For as long as it can come back, its send is nobody's."""
    _found(conversation, queued_id).change(deleted_at=timezone.now(), send_id=uuid4())
    _tell(conversation)


@transaction.atomic
def restore(conversation: Conversation, queued_id: UUID) -> None:
    """Where it stood; it is sent when its turn comes, be that now."""
    conversation = locked(conversation)
    removed = QueuedMessage.everything.filter(conversation=conversation).get(pk=queued_id)
    if removed.deleted_at and conversation.queue.count() >= MOST:
        raise Full
    removed.change(deleted_at=None, held="", retry_at=None)
    _tell(conversation)


@transaction.atomic
def send_now(conversation: Conversation, queued_id: UUID, picked: Model | None) -> Sent:
    """Out of turn; to the model `picked` only if its own is gone."""
    queued = _found(conversation, queued_id)
    model = _model_of(queued) or picked
    if model is None:
        raise NoModel
    return _send(queued, conversation, model)


def check_send_now(conversation: Conversation, queued_id: UUID, picked: Model | None) -> None:
    """Raise what `send_now` would after all that is written in view was stopped for it. Nothing is
    counted."""
    queued = conversation.queue.select_related("author").get(pk=queued_id)
    model = _model_of(queued) or picked
    if model is None:
        raise NoModel
    owner_id = conversation.owner_id
    others = set(running_answers_of(owner_id)).difference(running_in_view(conversation))
    check_running(owner_id, len(others))
    check_asking(owner_id, is_counted=False)
    before, _compared = said_so_far(conversation)
    request = request_of(conversation, [*before, Line("user", queued.text)], model)
    check_sending(owner_id, bytes_of(request), is_counted=False)


def due(conversation_id: UUID | None = None) -> list[UUID]:
    """The conversations, or this one, whose next message may be sent by now."""
    rows = _waiting(conversation_id).in_turn().values_list("conversation_id", "held", "retry_at")
    firsts: dict[UUID, tuple[str, datetime | None]] = {}
    for pk, held, retry_at in rows:
        firsts.setdefault(pk, (held, retry_at))
    return [pk for pk, (held, retry_at) in firsts.items() if _may_be_tried(held, retry_at)]


@transaction.atomic
def send_next(conversation_id: UUID) -> Sent | None:
    """Send the first that waits, if it still may be: of all who try, one does."""
    try:
        conversation = locked(Conversation(pk=conversation_id))
    except Conversation.DoesNotExist:
        return None
    if not due(conversation_id):
        return None
    queued = _waiting(conversation_id).in_turn().select_related("author")[0]
    model = _model_of(queued)
    if model is None:
        _hold(queued, Held.MODEL)
        return None
    try:
        return _send(queued, conversation, model)
    except AnswerRunning:
        pass
    except NotNow as refusal:
        if refusal.held:
            _hold(queued, refusal.held, refusal.retry_after_s)
    return None


def _waiting(conversation_id: UUID | None) -> QueuedMessageQuerySet:
    """Those whose answer is complete; where answers are compared, all have to have ended, and one
    to be complete. What waits for one in another branch does not count."""
    later = Q(conversation__leaf__generation__started_at__gt=F("created_at"))
    is_complete = Q(conversation__leaf__generation__state=State.COMPLETE)
    compared = Message.objects.kept().filter(parent=OuterRef("conversation__leaf"))
    has_one = Exists(compared.filter(generation__state=State.COMPLETE))
    has_all = ~Exists(compared.filter(generation__state=State.RUNNING))
    found: QueuedMessageQuerySet = QueuedMessage.objects.filter(
        Q(conversation__leaf=F("after")) | later,
        is_complete | Q(has_one, has_all, conversation__leaf__generation=None),
        **({"conversation": conversation_id} if conversation_id else {}),
        conversation__deleted_at=None,
        author__is_active=True,
    )
    return found


def _may_be_tried(held: str, retry_at: datetime | None) -> bool:
    is_time = retry_at is None or retry_at <= timezone.now()
    return (not held or held in LIMITS) and is_time


def _is_taken(user: AbstractBaseUser, question: Question) -> bool:
    same = {"author_id": user.pk, "send_id": question.send_id}
    texts = [
        *QueuedMessage.objects.filter(**same).values_list("text", flat=True),
        *Message.objects.filter(**same).values_list("content", flat=True),
    ]
    if any(text != question.text for text in texts):
        raise AnotherText
    return bool(texts)


def _awaited(conversation: Conversation) -> UUID | None:
    """The answer after which a message that is written now is sent: one that is being written, or
    one that others wait for just now. None if there is nothing to wait for."""
    is_awaited = running_in_view(conversation) or due(conversation.pk)
    return conversation.leaf_id if is_awaited else None


def _found(conversation: Conversation, queued_id: UUID) -> QueuedMessage:
    """As it is now, and for nobody else to send; raises if it was sent or removed meanwhile."""
    return locked(conversation).queue.select_related("author").get(pk=queued_id)


def _model_of(queued: QueuedMessage) -> Model | None:
    offered = Model.objects.for_user(queued.author).select_related("provider")
    return offered.filter(pk=queued.model_id).first() if queued.model_id else None


def _send(queued: QueuedMessage, conversation: Conversation, model: Model) -> Sent:
    question = Question(queued.text, model, queued.send_id, keeps_draft=True)
    try:
        sent = send(queued.author, question, conversation)
    except (AnotherText, Conversation.DoesNotExist):
        # Its id went with another text meanwhile, or with a question that is deleted by now.
        sent = send(queued.author, replace(question, send_id=uuid4()), conversation)
    queued.delete()
    _tell(conversation, by_page=False)
    return sent


def _hold(queued: QueuedMessage, held: str, retry_after_s: int | None = None) -> None:
    retry_at = timezone.now() + timedelta(seconds=retry_after_s) if retry_after_s else None
    if held == queued.held:
        # Nothing that a page would show otherwise.
        QueuedMessage.objects.filter(pk=queued.pk).update(retry_at=retry_at)
        return
    queued.change(held=held, retry_at=retry_at)
    _tell(queued.conversation, by_page=False)


def _tell(conversation: Conversation, *, by_page: bool = True) -> None:
    transaction.on_commit(partial(watching.changed, conversation.pk, by_page=by_page))
