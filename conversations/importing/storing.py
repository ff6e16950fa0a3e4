"""Writing one conversation: all of it, or nothing that anybody sees.

A small one is a single transaction. A large one is many, between which others get to write: until
the last of them it is among what was deleted, and what dies on the way is purged with that.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from conversations.importing.rows import Rows
from conversations.locks import lock_owner
from conversations.models import Conversation, ImportedSource, ImportJob, Message

# Rows of one transaction: some hundredths of a second.
AT_ONCE = 500
# An image may have megabytes.
PICTURES_AT_ONCE = 4
OWN = "chatsite:"

Step = Callable[[], bool]


class NotOursError(Exception):
    """The job was stopped, or what the user has was deleted: nothing more is taken."""


@dataclass(frozen=True, slots=True)
class Taking:
    """One conversation of a job. `key` as importing.values.Source has it."""

    job: ImportJob
    owner: AbstractBaseUser
    key: str
    rows: Rows


def steps(taking: Taking) -> Iterator[Step]:
    """What is to be called in turn, each a transaction: as long as it gives True. False is the end
    as well: the user has it already, from a file or as the original. Raises NotOursError."""
    if len(taking.rows.messages) <= AT_ONCE and len(taking.rows.pictures) <= PICTURES_AT_ONCE:
        yield partial(_take_whole, taking)
        return
    yield partial(_begin, taking)
    for part in _parts(taking.rows):
        yield partial(_add, taking, part)
    yield partial(_finish, taking)


@transaction.atomic
def _take_whole(taking: Taking) -> bool:
    _check(taking)
    if _is_there(taking):
        return False
    write(taking.rows, taking.owner.pk, taking.key)
    return True


def write(rows: Rows, owner_id: int, key: str) -> None:
    """Part of a transaction that knows that the user does not have it."""
    rows.conversation.save(force_insert=True)
    for part in _parts(rows):
        _insert(part)
    _remember(rows, owner_id, key)


@transaction.atomic
def _begin(taking: Taking) -> bool:
    _check(taking)
    if _is_there(taking):
        return False
    conversation = taking.rows.conversation
    leaf_id, conversation.leaf_id = conversation.leaf_id, None
    conversation.deleted_at = timezone.now()
    conversation.save(force_insert=True)
    conversation.leaf_id = leaf_id
    return True


@transaction.atomic
def _add(taking: Taking, part: Sequence[Model]) -> bool:
    _check(taking)
    _insert(part)
    return True


@transaction.atomic
def _finish(taking: Taking) -> bool:
    """Another process may have taken the same one meanwhile."""
    _check(taking)
    if _is_there(taking):
        return False
    made = taking.rows.conversation
    hidden = Conversation.objects.filter(pk=made.pk, deleted_at=made.deleted_at)
    if not hidden.update(deleted_at=None, leaf_id=made.leaf_id):
        raise NotOursError
    _remember(taking.rows, taking.owner.pk, taking.key)
    return True


def _check(taking: Taking) -> None:
    """Also that nobody deletes what the user has before this is done."""
    lock_owner(taking.owner.pk)
    job = taking.job
    if not ImportJob.objects.running().filter(pk=job.pk, runner=job.runner).exists():
        raise NotOursError


def _is_there(taking: Taking) -> bool:
    """What was deleted since is not: whoever brings it again wants it again."""
    mine = Conversation.objects.for_user(taking.owner)
    sources = ImportedSource.objects.filter(owner_id=taking.owner.pk, key=taking.key)
    if mine.filter(imported_from__in=sources).exists():
        return True
    sources.delete()
    original = _uuid(taking.key.removeprefix(OWN)) if taking.key.startswith(OWN) else None
    return original is not None and mine.filter(pk=original).exists()


def _parts(rows: Rows) -> Iterator[Sequence[Model]]:
    """Each after what its rows point at."""
    messages = _parents_first(rows.messages)
    kinds: tuple[Sequence[Model], ...] = (messages, rows.generations, rows.entries, rows.summaries)
    for made in kinds:
        yield from _cut(made, AT_ONCE)
    yield from _cut(rows.pictures, PICTURES_AT_ONCE)


def _parents_first(messages: Sequence[Message]) -> list[Message]:
    """A file may have them in any order."""
    replies: dict[UUID | None, list[Message]] = {}
    for message in messages:
        replies.setdefault(message.parent_id, []).append(message)
    found = replies.get(None, [])
    for message in found:
        found += replies.get(message.pk, ())
    return found


def _cut(made: Sequence[Model], size: int) -> Iterator[Sequence[Model]]:
    for start in range(0, len(made), size):
        yield made[start : start + size]


def _insert(part: Sequence[Model]) -> None:
    type(part[0])._default_manager.bulk_create(part)


def _remember(rows: Rows, owner_id: int, key: str) -> None:
    ImportedSource.objects.create(owner_id=owner_id, key=key, conversation=rows.conversation)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
