"""What is done to several chats at once, or to one: each act, and what takes it back."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from conversations import watching
from conversations.locks import lock_chats, locked_folder
from conversations.models import Conversation, Folder
from conversations.models.conversation import ConversationQuerySet
from conversations.pins import check_room, unpin_excess
from conversations.tags import known_tag, tag_named

# Of a list that is opened ten pages far; what is more is several acts.
MOST_CHATS = 500


class Act(models.TextChoices):
    PIN = "pin"
    UNPIN = "unpin"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DELETE = "delete"
    RESTORE = "restore"
    MOVE = "move"
    MOVE_BACK = "move_back"
    TAG = "tag"
    UNTAG = "untag"


OPPOSITES = {
    Act.PIN: Act.UNPIN,
    Act.ARCHIVE: Act.UNARCHIVE,
    Act.DELETE: Act.RESTORE,
    Act.MOVE: Act.MOVE_BACK,
    Act.TAG: Act.UNTAG,
}
OPPOSITES |= {back: act for act, back in OPPOSITES.items() if act is not Act.MOVE}


_Links = Conversation.tags.through
_Do = Callable[[AbstractBaseUser, "Wanted"], "Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`folders` are those to move to: one for all of `chats`, or one for each to move back to;
    None is no folder. `tag` is a name."""

    act: Act
    chats: list[UUID]
    folders: list[UUID | None] = field(default_factory=list)
    tag: str = ""


@transaction.atomic
def arrange(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    """Do it to those of the chats that are this user's, and what would take it back.

    Its `chats` are those that were changed, none if all were so before. Nothing is done where it
    raises: DoesNotExist of a folder, or of the chats if none is there; TooManyTags, TooManyPinned.
    """
    if not lock_chats(Conversation.objects.filter(owner_id=user.pk, pk__in=wanted.chats)):
        raise Conversation.DoesNotExist
    undo = _ACTS[wanted.act](user, wanted)
    if undo.chats:
        transaction.on_commit(partial(watching.list_changed, user.pk))
    # Whoever shows one of these is told as well.
    for chat in undo.chats if wanted.act in (Act.DELETE, Act.RESTORE) else ():
        transaction.on_commit(partial(watching.changed, chat))
    return undo


@transaction.atomic
def bring_back(user: AbstractBaseUser, conversation: Conversation) -> None:
    """A deleted one by itself; it is as it stands in the list then."""
    lock_chats(Conversation.objects.filter(pk=conversation.pk))
    conversation.restore()
    unpin_excess(user, [conversation.pk])
    conversation.refresh_from_db(fields=["pinned_at"])


def _mark(column: str, value: bool, user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    """Set a time, or none; on those that are not so yet."""
    mine = Conversation.objects.for_user(user).filter(pk__in=wanted.chats)
    return _change(wanted, mine.filter(**{f"{column}__isnull": value}), **{column: _time(value)})


def _pin(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    check_room(user, wanted.chats)
    return _mark("pinned_at", True, user, wanted)


def _unarchive(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    undo = _mark("archived_at", False, user, wanted)
    unpin_excess(user, undo.chats)
    return undo


def _restore(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    deleted = Conversation.objects.deleted_by(user).filter(pk__in=wanted.chats)
    undo = _change(wanted, deleted, deleted_at=None)
    unpin_excess(user, undo.chats)
    return undo


def _move(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    to = next(iter(wanted.folders), None)
    mine = Conversation.objects.for_user(user).filter(pk__in=wanted.chats)
    others = mine.exclude(folder=to) if to else mine.filter(folder__isnull=False)
    home = locked_folder(to, user.pk) if to else None
    before = dict(others.values_list("pk", "folder"))
    mine.filter(pk__in=before).update(folder=home)
    return Wanted(Act.MOVE_BACK, list(before), list(before.values()))


def _move_back(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    """Each to its own; what stood in a folder that is gone by now stands in none."""
    homes: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    there = set(Folder.objects.for_user(user).values_list("pk", flat=True))
    for chat, folder in zip(wanted.chats, wanted.folders, strict=True):
        homes[folder if folder in there else None].append(chat)
    # Folders in one order, whoever asks.
    in_order = sorted(homes.items(), key=lambda home: str(home[0]))
    moved = [_move(user, Wanted(Act.MOVE, chats, [to])) for to, chats in in_order]
    return Wanted(
        Act.MOVE_BACK,
        [chat for each in moved for chat in each.chats],
        [folder for each in moved for folder in each.folders],
    )


def _tag(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    tag = tag_named(user, wanted.tag)
    mine = Conversation.objects.for_user(user).filter(pk__in=wanted.chats)
    chats = list(mine.exclude(tags=tag).values_list("pk", flat=True))
    _Links.objects.bulk_create(_Links(conversation_id=chat, tag=tag) for chat in chats)
    return Wanted(Act.UNTAG, chats, tag=tag.name)


def _untag(user: AbstractBaseUser, wanted: Wanted) -> Wanted:
    tag = known_tag(user, wanted.tag)
    mine = Conversation.objects.for_user(user).filter(pk__in=wanted.chats)
    chats = list(mine.filter(tags=tag).values_list("pk", flat=True)) if tag else []
    if tag:
        _Links.objects.filter(tag=tag, conversation__in=chats).delete()
    return Wanted(Act.TAG, chats, tag=wanted.tag)


def _change(wanted: Wanted, chats: ConversationQuerySet, **fields: object) -> Wanted:
    changed = list(chats.values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=changed).update(**fields)
    return Wanted(OPPOSITES[wanted.act], changed)


def _time(is_so: bool) -> object:
    return timezone.now() if is_so else None


_ACTS: dict[Act, _Do] = {
    Act.PIN: _pin,
    Act.UNPIN: partial(_mark, "pinned_at", False),
    Act.ARCHIVE: partial(_mark, "archived_at", True),
    Act.UNARCHIVE: _unarchive,
    Act.DELETE: partial(_mark, "deleted_at", True),
    Act.RESTORE: _restore,
    Act.MOVE: _move,
    Act.MOVE_BACK: _move_back,
    Act.TAG: _tag,
    Act.UNTAG: _untag,
}
