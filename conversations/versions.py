"""Versions: the messages that have the same one before them. One of them is shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from conversations.branch import is_shown, leaf_under, shown_after
from conversations.compared import compared_below, is_compared
from conversations.locks import locked
from conversations.models import Conversation, Message


@dataclass(frozen=True, slots=True)
class Versions:
    """Where a message stands among its versions, oldest first: `number` counts from 1, and at
    either end there is no further one."""

    number: int
    count: int
    previous: UUID | None
    next: UUID | None

    @classmethod
    def at(cls, place: int, ids: list[UUID]) -> "Versions":
        before = ids[place - 1] if place else None
        after = ids[place + 1] if place + 1 < len(ids) else None
        return cls(place + 1, len(ids), before, after)

    @property
    def beside(self) -> UUID | None:
        """The one that is shown once this one is not there any more."""
        return self.previous or self.next


def versions_of(messages: Collection[Message]) -> dict[UUID, Versions]:
    """Of those of these messages that have several, in one query for all."""
    groups: defaultdict[tuple[UUID, UUID | None], list[UUID]] = defaultdict(list)
    for pk, conversation, parent in _beside(messages):
        groups[conversation, parent].append(pk)
    found: dict[UUID, Versions] = {}
    for message in messages:
        ids = groups[message.conversation_id, message.parent_id]
        if len(ids) > 1 and message.pk in ids:
            found[message.pk] = Versions.at(ids.index(message.pk), ids)
    return found


def turn_to(message: Message) -> Conversation:
    """Show the branch that holds this message, as it was left; the conversation as it is then."""
    with transaction.atomic():
        conversation = locked(message.conversation)
        message = Message.objects.kept().get(pk=message.pk)
        if not is_in_view(conversation, message):
            leave(conversation, message.parent_id)
            conversation.turn_to(leaf_under(conversation, message))
        return conversation


def is_in_view(conversation: Conversation, message: Message) -> bool:
    if is_compared(message, conversation.leaf_id):
        return message in compared_below(conversation.leaf_id)
    return is_shown(conversation, message.pk)


def leave(conversation: Conversation, parent_id: UUID | None) -> None:
    """Note where the shown branch ends before another version after this message is shown: the
    way back leads there."""
    if shown := shown_after(conversation, parent_id):
        Message.objects.filter(pk=shown).update(last_leaf=conversation.leaf_id)


def _beside(messages: Iterable[Message]) -> Iterable[tuple[UUID, UUID, UUID | None]]:
    parents = {message.parent_id for message in messages if message.parent_id}
    roots = {message.conversation_id for message in messages if not message.parent_id}
    same = Q(parent__in=parents)
    if roots:
        same |= Q(parent=None, conversation__in=roots)
    rows = Message.objects.kept().filter(same).order_by("created_at", "pk")
    return rows.values_list("pk", "conversation_id", "parent_id")
