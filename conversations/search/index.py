"""Writing the search index. Entries are made once and never changed: a new text is a new entry.

Called where texts are final: when a question is sent, and when an answer has ended. Titles need no
call, they are entered as they are saved; nor does deleting: entries go with their messages, and
those of deleted conversations are not found.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from conversations.models import Message, SearchEntry
from conversations.models.generation import State
from conversations.models.search import message_entry, title_entry

BATCH = 500


def enter_messages(owner_id: int, messages: Collection[Message], *, are_new: bool) -> None:
    """Index messages that are stored; `are_new` spares a look for older entries."""
    if not are_new:
        SearchEntry.objects.filter(message__in=[message.pk for message in messages]).delete()
    SearchEntry.objects.bulk_create(
        message_entry(message, owner_id) for message in messages if message.content
    )


def enter_ended(answer_ids: Collection[UUID]) -> None:
    """Index answers by their ids, as they are stored."""
    found = Message.objects.filter(pk__in=answer_ids).select_related("conversation")
    for message in found:
        enter_messages(message.conversation.owner_id, [message], are_new=False)


def fill(
    entries: QuerySet[Any], conversations: QuerySet[Any], messages: QuerySet[Any]
) -> Iterator[int]:
    """Make the entries of all these anew, batch by batch, while others may write; how many each
    time. Also with the models of a migration."""
    for batch in _batches(conversations):
        older = entries.filter(message=None, conversation__in=[row.pk for row in batch])
        yield _replace(older, [title_entry(row, entries.model) for row in batch])
    ended = messages.exclude(generation__state=State.RUNNING).exclude(content="")
    for batch in _batches(ended.select_related("conversation").defer("html", "reasoning")):
        older = entries.filter(message__in=[row.pk for row in batch])
        owned = [(row, row.conversation.owner_id) for row in batch]
        yield _replace(older, [message_entry(*each, entries.model) for each in owned])


@transaction.atomic
def _replace(older: QuerySet[Any], new: list[Any]) -> int:
    """What somebody enters in between is newer than what was read, and stays."""
    older.delete()
    return len(older.model._default_manager.bulk_create(new, ignore_conflicts=True))


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    last = None
    while batch := list((rows.filter(pk__gt=last) if last else rows).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk
