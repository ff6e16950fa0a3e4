"""Writing one conversation: all of it in one transaction, or nothing."""

from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from conversations.importing.rows import Rows
from conversations.locks import lock_owner
from conversations.models import (
    Conversation,
    Generation,
    ImportedSource,
    ImportJob,
    Message,
    Picture,
    SearchEntry,
)

BATCH = 500
OWN = "chatsite:"


class NotOursError(Exception):
    """The job was stopped, or what the user has was deleted: nothing more is taken."""


@transaction.atomic
def store(job: ImportJob, owner: AbstractBaseUser, key: str, rows: Rows) -> bool:
    """False if the user has it already, from a file or as the original."""
    lock_owner(owner.pk)
    if not ImportJob.objects.running().filter(pk=job.pk, runner=job.runner).exists():
        raise NotOursError
    if _is_there(owner, key):
        return False
    write(rows, owner.pk, key)
    return True


def write(rows: Rows, owner_id: int, key: str) -> None:
    """Part of a transaction that knows that the user does not have it."""
    rows.conversation.save(force_insert=True)
    for model, made in (
        (Message, rows.messages),
        (Generation, rows.generations),
        (Picture, rows.pictures),
        (SearchEntry, rows.entries),
    ):
        model._default_manager.bulk_create(made, batch_size=BATCH)  # type: ignore[arg-type]
    ImportedSource.objects.create(owner_id=owner_id, key=key, conversation=rows.conversation)


def _is_there(owner: AbstractBaseUser, key: str) -> bool:
    """What was deleted since is not: whoever brings it again wants it again."""
    mine = Conversation.objects.for_user(owner)
    sources = ImportedSource.objects.filter(owner_id=owner.pk, key=key)
    if mine.filter(imported_from__in=sources).exists():
        return True
    sources.delete()
    original = _uuid(key.removeprefix(OWN)) if key.startswith(OWN) else None
    return original is not None and mine.filter(pk=original).exists()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
