"""A conversation as its row in the list, and the list page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Generation
from conversations.models.conversation import PLACE, ConversationQuerySet, row_stamp
from conversations.shelf import Shelf, place_of

ROWS = 50
# More than one looks through: nobody may pin more.
MOST_PINNED = 50
PINNED, DATED = "pinned", "dated"
_TOLD = ("pk", "title", "updated_at", *PLACE)
# The values of these.
Told = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list. `unseen` is how an answer ended that nobody has looked at;
    `kind` is of which part of the list the row is, and `folder` of which list."""

    id: str
    title: str
    url: str
    group: Promise | str
    is_current: bool
    is_writing: bool
    stamp: str
    unseen: str = ""
    kind: str = DATED
    folder: str = ""


def fresh_row(conversation: Conversation) -> Row:
    """The conversation that is asked right now."""
    told = tuple(getattr(conversation, name) for name in _TOLD)
    return _row(told, timezone.localdate(), True, True, _kind(conversation))


def row_of(conversation: Conversation, *, is_current: bool) -> Row:
    """A row that takes the place of its older self, or the first one in the list."""
    told = tuple(getattr(conversation, name) for name in _TOLD)
    is_writing, kind = bool(_writing([conversation.pk])), _kind(conversation)
    return _row(told, timezone.localdate(), is_current, is_writing, kind)


def is_newest(conversation: Conversation) -> bool:
    """Whether nothing was asked in another one of the same user since."""
    mine = Conversation.objects.filter(owner_id=conversation.owner_id, deleted_at=None)
    return not mine.filter(updated_at__gt=conversation.updated_at).exists()


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of the list; `more_url` is '' on the last."""

    pinned: list[Row]
    rows: list[Row]
    more_url: str


def list_rows(user_id: int, current: UUID | None, shelf: Shelf) -> Rows:
    """What the shelf holds, newest first, in three queries however much it is."""
    most = ROWS * shelf.pages
    pinned = _told(shelf.pinned(user_id), MOST_PINNED) if shelf.has_pinned else []
    found = _told(shelf.standing(user_id), most + 1)
    writing = _writing(told[0] for told in (*pinned, *found))
    today = timezone.localdate()
    above, below = (
        [_row(each, today, each[0] == current, each[0] in writing, kind) for each in part]
        for part, kind in ((pinned, PINNED), (found[:most], DATED))
    )
    return Rows(above, below, _after(shelf, found[most - 1]) if found[most:] else "")


def _kind(conversation: Conversation) -> str:
    return PINNED if conversation.pinned_at and not conversation.archived_at else DATED


def _told(rows: ConversationQuerySet, most: int) -> list[Told]:
    return list(rows.newest_first().values_list(*_TOLD)[:most])


def _after(shelf: Shelf, told: Told) -> str:
    pk, _title, at, *_place = told
    return shelf.after(place_of(at, pk))


def _row(told: Told, today: date, is_current: bool, is_writing: bool, kind: str = DATED) -> Row:
    pk, title, at, *place = told
    _pinned_at, _archived_at, folder_id, unseen = place
    return Row(
        str(pk),
        title,
        f"/c/{pk}/",
        _("Pinned") if kind == PINNED else _group(today, at),
        is_current,
        is_writing,
        row_stamp(title, at, *place),
        unseen or "",
        kind,
        # Those that are pinned stand above all folders too.
        str(folder_id) if folder_id and kind == DATED else "",
    )


def _writing(ids: Iterable[UUID]) -> set[UUID]:
    running = Generation.objects.running().filter(message__conversation__in=list(ids))
    return set(running.annotate(of=F("message__conversation")).values_list("of", flat=True))


def _group(today: date, at: datetime) -> Promise | str:
    day = timezone.localtime(at).date()
    if day >= today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if day > today - timedelta(days=7):
        return _("Previous 7 days")
    return _("Previous 30 days") if day > today - timedelta(days=30) else _("Older")
