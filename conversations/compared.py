"""What is compared: several answers to the last question of a branch, of which none was kept yet.

Nothing is stored for that: the branch in view ends with the question, as it does nowhere else where
there are answers. Of each model the newest answer stands side by side with the others; what it
was asked before stays as a version, and is in view again once one of them is kept.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from conversations.models import Conversation, Generation, Message, QueuedMessage
from conversations.models.generation import State, run_stamp
from conversations.models.message import MessageQuerySet, Role

R = TypeVar("R")

# Fewer are not compared; more cannot be read side by side.
LEAST, MOST = 2, 4


def compared_below(question_id: UUID | None) -> list[Message]:
    """With all that a page shows of them; none where there are not several. Which question a
    branch ends with is for the caller to know."""
    if question_id is None:
        return []
    found = _answers_below([question_id]).select_related("generation").prefetch_related("pictures")
    return _side_by_side(found, lambda answer: (answer.model_id, answer.model_name, answer.pk))


def is_compared(answer: Message, leaf_id: UUID | None) -> bool:
    """Whether it is one of several in a branch that ends here."""
    return answer.parent_id is not None and answer.parent_id == leaf_id


def is_compared_now(answer: Message) -> bool:
    """As the database has it."""
    ends = Conversation.objects.filter(pk=answer.conversation_id, leaf=answer.parent_id)
    return answer.parent_id is not None and ends.exists()


def that_goes_on(answers: Sequence[Message]) -> Message:
    """Where nobody has chosen: of those that have a word or an image the first that is complete,
    else the first."""
    begun = [each for each in answers if each.content.strip() or each.pictures.all()]
    complete = (each for each in begun if each.generation.state == State.COMPLETE)
    return next(complete, None) or next(iter(begun or answers))


def end_of(conversation: Conversation) -> UUID | None:
    """Where what is said so far ends: the leaf, or below it the answer that goes on."""
    compared = compared_below(conversation.leaf_id)
    return that_goes_on(compared).pk if compared else conversation.leaf_id


def end_at(conversation: Conversation, leaf_id: UUID, model_id: UUID | None = None) -> None:
    """Let the branch in view end with the question whose answers are compared, or with one of
    these. What waits in the queue for the old end waits for the new one."""
    if old := conversation.leaf_id:
        QueuedMessage.everything.filter(conversation=conversation, after=old).update(after=leaf_id)
    conversation.turn_to(leaf_id, model_id)


def running_in_view(conversation: Conversation) -> list[UUID]:
    """The answers at the end of the branch in view that are being written: one, or several."""
    if conversation.leaf_id is None:
        return []
    at_end = Q(message=conversation.leaf_id) | Q(message__parent=conversation.leaf_id)
    running = Generation.objects.running().filter(at_end, message__deleted_at=None)
    return list(running.values_list("message_id", flat=True))


def runs_below(question_ids: Collection[UUID]) -> dict[UUID, str]:
    """Of each question whose answers are compared the stamps of their runs, joined, as a page
    joins those that it shows. In one query for all."""
    fields = ("parent_id", "pk", "model_id", "model_name")
    run = ("generation__started_at", "generation__state")
    below: defaultdict[UUID, list[Any]] = defaultdict(list)
    for parent_id, *answer in _answers_below(question_ids).values_list(*fields, *run):
        below[parent_id].append(answer)
    stamps = {pk: _stamps(_side_by_side(rows, _author_of_row)) for pk, rows in below.items()}
    return {pk: "+".join(each) for pk, each in stamps.items() if each}


def _answers_below(question_ids: Collection[UUID]) -> MessageQuerySet:
    answers = Message.objects.kept().filter(parent__in=question_ids, role=Role.ASSISTANT)
    return answers.order_by("created_at", "pk")


def _side_by_side(answers: Iterable[R], author: Callable[[R], tuple[Any, str, UUID]]) -> list[R]:
    """The newest of each author, in the order in which they were first asked."""
    newest = {_key(*author(answer)): answer for answer in answers}
    shown = list(newest.values())[-MOST:]
    return shown if len(shown) >= LEAST else []


def _key(model_id: Any, name: str, pk: UUID) -> object:
    """Of an answer that was brought in nobody may know the model: it stands for itself."""
    return (model_id, name) if model_id or name else pk


def _author_of_row(row: Any) -> tuple[Any, str, UUID]:
    pk, model_id, name, *_run = row
    return model_id, name, pk


def _stamps(rows: Iterable[Any]) -> list[str]:
    return [run_stamp(started_at, state) if started_at else "" for *_, started_at, state in rows]
