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

#: So many rows are locked at a time; SQLite locks all.
BATCH = 100


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
    for keys in _batches(conversations):
        yield _replace_titles(entries, conversations.filter(pk__in=keys))
    ended = messages.exclude(generation__state=State.RUNNING)
    for keys in _batches(ended):
        yield _replace_messages(entries, messages.filter(pk__in=keys))


# Whoever changes one of these rows changes its entry in the same transaction, and waits until it is
# theirs: no older text comes after a newer one.
@transaction.atomic
def _replace_titles(entries: QuerySet[Any], conversations: QuerySet[Any]) -> int:
    rows = list(conversations.select_for_update())
    entries.filter(message=None, conversation__in=[row.pk for row in rows]).delete()
    return len(entries.bulk_create(title_entry(row, entries.model) for row in rows))


@transaction.atomic
def _replace_messages(entries: QuerySet[Any], messages: QuerySet[Any]) -> int:
    whole = messages.select_related("conversation").defer("html", "reasoning")
    rows = list(whole.select_for_update(of=("self",)))
    entries.filter(message__in=[row.pk for row in rows]).delete()
    images = _with_images(messages)
    new = [
        message_entry(row, row.conversation.owner_id, entries.model, has_image=row.pk in images)
        for row in rows
        if row.content or row.pk in images
    ]
    return len(entries.bulk_create(new))


def _with_images(messages: QuerySet[Any]) -> set[UUID]:
    """Of these messages the keys of those that show one."""
    return set(messages.filter(pictures__refusal="").values_list("pk", flat=True))


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    last = None
    while batch := list(_after(rows, last)[:BATCH]):
        yield batch
        last = batch[-1]


def _after(rows: QuerySet[Any], last: Any) -> QuerySet[Any]:
    left = rows if last is None else rows.filter(pk__gt=last)
    return left.order_by("pk").values_list("pk", flat=True)
