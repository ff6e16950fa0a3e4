"""The search index: an entry for each message that is finished, and one for each title.

SQLite searches a full-text table that triggers keep in step with this one; Postgres the column.
"""

from collections.abc import Collection
from datetime import datetime
from itertools import count
from secrets import randbelow
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_save
from django.dispatch import receiver

from conversations.models.conversation import Conversation, Viewer
from conversations.search.marks import IMAGE, message_marks, title_marks
from conversations.search.terms import stored_terms

# Of an entry's id: the milliseconds since 1970, then what tells those of one millisecond apart.
_SPREAD_BITS = 21
_LAST_MS = (1 << (63 - _SPREAD_BITS)) - 1  # in the year 2109
_spread = count(randbelow(1 << _SPREAD_BITS))


def first_id_at(at: datetime) -> int:
    """The lowest id of an entry of this time or later: ids are in the order of time."""
    return max(0, min(int(at.timestamp() * 1000), _LAST_MS)) << _SPREAD_BITS


def new_id_at(at: datetime) -> int:
    return first_id_at(at) | next(_spread) % (1 << _SPREAD_BITS)


class TermsField(models.Field):  # type: ignore[type-arg]
    """Terms with spaces between them; no parser of a database looks into them."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: str, *_: Any) -> str:
        """The same from each database: Postgres has an order of its own, and quotes."""
        return " ".join(sorted(value.replace("'", "").split(" ")))


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def for_user(self, user: Viewer) -> "SearchEntryQuerySet":
        return self.filter(conversation__in=Conversation.objects.for_user(user))


class SearchEntry(models.Model):
    """`message` is None for the title."""

    # Of its own numbers none is ever taken; but for SQLite only such a column is the row itself.
    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(
        "conversations.Message", on_delete=models.CASCADE, null=True, related_name="search_entry"
    )
    # Last in the row: SQLite reads past what stands before the column that it wants.
    terms = TermsField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(message=None),
                name="one_entry_per_title",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


def message_entry(
    message: Any, owner_id: int, entry: type[Any] = SearchEntry, *, has_image: bool = False
) -> Any:
    """An entry that is not stored yet; a migration has an `entry` of its own."""
    marks = message_marks(owner_id, message.role, message.model_name, message.content)
    marks += [IMAGE] if has_image else []
    return entry(
        id=new_id_at(message.created_at),
        conversation_id=message.conversation_id,
        message_id=message.pk,
        terms=stored_terms(message.content, marks),
    )


def title_entry(conversation: Any, entry: type[Any] = SearchEntry) -> Any:
    return entry(
        id=new_id_at(conversation.created_at),
        conversation_id=conversation.pk,
        terms=stored_terms(conversation.title, title_marks(conversation.owner_id)),
    )


@receiver(post_save, sender=Conversation)
def _enter_title(
    instance: Conversation,
    created: bool,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **_: Any,
) -> None:
    # Most saves are of what was sent, and leave the title as it is.
    if raw or (update_fields is not None and "title" not in update_fields):
        return
    if created:
        title_entry(instance).save(force_insert=True)
    else:
        _renew_title(instance.pk)


@transaction.atomic
def _renew_title(key: UUID) -> None:
    """Of two new titles at once the later one stays, which may be another process's."""
    stored = Conversation.objects.select_for_update().get(pk=key)
    SearchEntry.objects.filter(conversation=stored, message=None).delete()
    title_entry(stored).save(force_insert=True)
