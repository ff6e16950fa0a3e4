"""A conversation as its row in the list, and the list page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Generation
from conversations.models.conversation import row_stamp

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list."""

    id: str
    title: str
    url: str
    group: Promise | str
    is_current: bool
    is_writing: bool
    stamp: str


def fresh_row(conversation: Conversation) -> Row:
    """The conversation that is asked right now."""
    address = conversation.get_absolute_url()
    stamp = conversation.row_stamp
    return Row(str(conversation.pk), conversation.title, address, _("Today"), True, True, stamp)


def row_of(conversation: Conversation, *, is_current: bool) -> Row:
    """A row that takes the place of its older self, or the first one in the list."""
    address, is_writing = conversation.get_absolute_url(), bool(_writing([conversation.pk]))
    group = _group(timezone.localdate(), conversation.updated_at)
    return Row(
        str(conversation.pk),
        conversation.title,
        address,
        group,
        is_current,
        is_writing,
        conversation.row_stamp,
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of the list; `more_url` is '' on the last."""

    rows: list[Row]
    more_url: str
    query: str


def list_rows(
    user_id: int, current: UUID | None, query: str = "", page: int = 1, pages: int = 1
) -> Rows:
    """The user's conversations, newest first, in three queries however many there are."""
    mine = Conversation.objects.filter(owner_id=user_id, deleted_at=None).titled_like(query)
    start, end = (page - 1) * ROWS, (page - 1 + pages) * ROWS
    found = list(mine.newest_first().values_list("pk", "title", "updated_at")[start : end + 1])
    writing = _writing(pk for pk, _title, _at in found)
    today = timezone.localdate()
    rows = [
        Row(
            str(pk),
            title,
            f"/c/{pk}/",
            _group(today, at),
            pk == current,
            pk in writing,
            row_stamp(title, at),
        )
        for pk, title, at in found[: end - start]
    ]
    asked = {"page": page + pages, **({"q": query} if query else {})}
    more = f"{reverse('conversations:list')}?{urlencode(asked)}" if len(found) > end - start else ""
    return Rows(rows, more, query)


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
