"""Writing the search index. Entries are made once and never changed: a new text is a new entry.

Called where texts are final: when a question is sent, and when an answer has ended. Titles need no
call, they are entered as they are saved; nor does deleting: entries go with their messages, and
those of deleted conversations are not found.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from conversations.models import Message, SearchEntry
from conversations.models.generation import State
from conversations.models.search import message_entry, title_entry

BATCH = 500


def enter_question(owner_id: int, question: Message) -> None:
    """Index a message that was never in the index."""
    message_entry(question, owner_id).save(force_insert=True)


def enter_answer(owner_id: int, answer: Message, *, may_have_images: bool = True) -> None:
    """Index an answer as it is stored, in place of what it was before it was continued."""
    SearchEntry.objects.filter(message=answer).delete()
    has_image = may_have_images and bool(_with_images(Message.objects.filter(pk=answer.pk)))
    if answer.content or has_image:
        message_entry(answer, owner_id, has_image=has_image).save(force_insert=True)


def fill(
    entries: QuerySet[Any], conversations: QuerySet[Any], messages: QuerySet[Any]
) -> Iterator[int]:
    """Make the entries of all these anew, batch by batch, while others may write; how many each
    time. Also with the models of a migration."""
    for batch in _batches(conversations):
        older = entries.filter(message=None, conversation__in=[row.pk for row in batch])
        yield _replace(older, [title_entry(row, entries.model) for row in batch])
    ended = messages.exclude(generation__state=State.RUNNING)
    for batch in _batches(ended.select_related("conversation").defer("html", "reasoning")):
        keys = [row.pk for row in batch]
        images = _with_images(messages.filter(pk__in=keys))
        new = [
            message_entry(row, row.conversation.owner_id, entries.model, has_image=row.pk in images)
            for row in batch
            if row.content or row.pk in images
        ]
        yield _replace(entries.filter(message__in=keys), new)


def _with_images(messages: QuerySet[Any]) -> set[UUID]:
    """Of these messages the keys of those that show one."""
    return set(messages.filter(pictures__refusal="").values_list("pk", flat=True))


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
