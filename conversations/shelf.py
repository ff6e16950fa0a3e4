"""Which of a user's conversations the list shows: all under their dates, those of a folder, with a
tag, of the archive, or those whose titles hold some words. It is part of the list's address."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.http import QueryDict
from django.urls import reverse

from conversations.access import folder_asked_for, tag_asked_for
from conversations.models import Conversation, Folder, Tag
from conversations.models.conversation import EPOCH, ConversationQuerySet

QUERY_LENGTH = 200
MOST_PAGE_DIGITS = 5
# At once, for a list that was opened so far.
MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """`before` is the place, as `place_of` has it, that the page before ended with, and `pages`
    so many are shown at once. While `is_selecting`, rows are picked instead of opened."""

    query: str = ""
    folder: Folder | None = None
    tag: Tag | None = None
    is_archive: bool = False
    is_selecting: bool = False
    before: str = ""
    pages: int = 1

    @property
    def is_all(self) -> bool:
        return not (self.query or self.folder or self.tag or self.is_archive)

    @property
    def is_head(self) -> bool:
        """What stands above the rows is on the first page alone."""
        return not self.before

    @property
    def fields(self) -> str:
        """As a query, without the words: those are in a field of their own."""
        told = {
            "folder": self.folder and self.folder.pk,
            "tag": self.tag and self.tag.pk,
            "archive": int(self.is_archive),
            "select": int(self.is_selecting),
        }
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def address(self) -> str:
        words = urlencode({"q": self.query}) if self.query else ""
        told = "&".join(filter(None, (self.fields, words)))
        return reverse("conversations:list") + (f"?{told}" if told else "")

    @property
    def selecting(self) -> "Shelf":
        return replace(self, is_selecting=True, before="")

    @property
    def resting(self) -> "Shelf":
        return replace(self, is_selecting=False, before="")

    def after(self, place: str) -> str:
        """The address of the next page."""
        return f"{self.address}{'&' if '?' in self.address else '?'}before={place}"

    def standing(self, user_id: int) -> ConversationQuerySet:
        """The rows under their dates. Words look everywhere: whoever forgot a title forgot its
        folder."""
        mine = Conversation.objects.filter(owner_id=user_id, deleted_at=None)
        if place := _place(self.before):
            mine = mine.before(*place)
        if self.query:
            return mine.titled_like(self.query)
        if self.is_archive:
            return mine.archived()
        if self.tag:
            return mine.filter(archived_at=None, tags=self.tag)
        return mine.standing(self.folder.pk if self.folder else None)

    @property
    def has_pinned(self) -> bool:
        """Elsewhere pinned chats stand under their dates."""
        return self.is_head and (self.is_all or self.folder is not None)

    def pinned(self, user_id: int) -> ConversationQuerySet:
        """The rows above the dates."""
        mine = Conversation.objects.filter(owner_id=user_id, deleted_at=None).pinned()
        return mine.filter(folder=self.folder) if self.folder else mine


def shelf_of(user: AbstractBaseUser, fields: QueryDict) -> Shelf:
    """As its fields say; 404 for a folder or a tag that is not this user's."""
    return Shelf(
        searched(fields),
        folder_asked_for(user, fields.get("folder", "")),
        tag_asked_for(user, fields.get("tag", "")),
        is_archive=bool(fields.get("archive")),
        is_selecting=bool(fields.get("select")),
        before=fields.get("before", "") if _place(fields.get("before", "")) else "",
        pages=_pages(fields.get("pages", "")),
    )


def searched(fields: QueryDict) -> str:
    """The words in the search field."""
    return fields.get("q", "")[:QUERY_LENGTH].replace("\x00", "")


def shelf_around(conversation: Conversation | None) -> Shelf:
    """The one beside an open chat: where that stands."""
    if conversation and conversation.archived_at:
        return Shelf(is_archive=True)
    is_filed = conversation and conversation.folder_id and not conversation.pinned_at
    return Shelf(folder=conversation.folder if conversation and is_filed else None)


def place_of(updated_at: datetime, pk: UUID) -> str:
    """Of a row in the list: whatever comes or goes above it, the next one is the same."""
    return f"{(updated_at - EPOCH) // timedelta(microseconds=1):x}.{pk.hex}"


def _place(text: str) -> tuple[datetime, UUID] | None:
    at, _dot, pk = text.partition(".")
    try:
        return EPOCH + timedelta(microseconds=int(at, 16)), UUID(pk)
    except (ValueError, OverflowError):
        return None


def _pages(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_PAGE_DIGITS
    return min(max(int(text), 1), MOST_PAGES) if is_number else 1
