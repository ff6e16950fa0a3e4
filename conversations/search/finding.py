"""Finding: which entries match, newest first, and what the page shows of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.urls import reverse

from conversations.models import SearchEntry
from conversations.models.search import first_id_at
from conversations.search.marks import CODE, IMAGE, TITLE, model_mark, owner_mark, role_mark
from conversations.search.query import Query, parse
from conversations.search.snippet import LEAD, Piece, marked, snippet
from conversations.search.terms import fold

PAGE = 20
FEW = 5
# Where a line has room for twenty Chinese characters, what was found stands in the first.
NARROW_LEAD = 12
# Whether words stand in the order asked for is seen in the texts themselves. After so many texts a
# page ends, full or not, and the next one goes on from there.
_MOST_READ = 5 * PAGE
_FIRST, _LAST = -(1 << 63), (1 << 63) - 1

# All without the conversations and messages that are deleted; whose an entry is, is one of its
# terms. SQLite walks from the newest match and stops when there are enough, so it must not choose
# another way.
_SQLITE = """
    SELECT terms.rowid FROM conversations_searchterms AS terms
    CROSS JOIN conversations_searchentry AS entry ON entry.id = terms.rowid
    WHERE conversations_searchterms MATCH %(terms)s AND terms.rowid BETWEEN %(since)s AND %(until)s
    AND entry.conversation_id NOT IN (SELECT id FROM conversations_conversation
        WHERE owner_id = %(owner)s AND deleted_at IS NOT NULL)
    AND (entry.message_id IS NULL OR entry.message_id NOT IN (SELECT id FROM conversations_message
        WHERE deleted_at IS NOT NULL)){in_order}
    ORDER BY terms.rowid DESC LIMIT %(most)s"""
# Postgres's index gives all matches or none, in no order. What is common is found among the newest
# entries, without it; for the rest the matches are few, and the index is asked whatever the planner
# thinks of it.
_NEWEST = """
    SELECT id FROM (SELECT id, conversation_id, message_id, terms FROM conversations_searchentry
        WHERE id BETWEEN %(since)s AND %(until)s ORDER BY id DESC LIMIT 1000) AS entry
    WHERE terms @@ %(terms)s::tsquery
    AND conversation_id NOT IN (SELECT id FROM conversations_conversation
        WHERE owner_id = %(owner)s AND deleted_at IS NOT NULL)
    AND (message_id IS NULL OR message_id NOT IN (SELECT id FROM conversations_message
        WHERE deleted_at IS NOT NULL)){in_order}
    ORDER BY id DESC LIMIT %(most)s"""
_POSTGRES = """
    WITH entry AS MATERIALIZED (
        SELECT id, conversation_id, message_id FROM conversations_searchentry
        WHERE terms @@ %(terms)s::tsquery AND id BETWEEN %(since)s AND %(until)s)
    SELECT id FROM entry
    WHERE conversation_id NOT IN (SELECT id FROM conversations_conversation
        WHERE owner_id = %(owner)s AND deleted_at IS NOT NULL)
    AND (message_id IS NULL OR message_id NOT IN (SELECT id FROM conversations_message
        WHERE deleted_at IS NOT NULL)){in_order}
    ORDER BY id DESC LIMIT %(most)s"""

# A folder and a tag are of the conversation, and change: they are no terms. SQLite looks into the
# index of conversations alone, before it goes to an entry; the plus keeps it from beginning there.
_FOLDER = "SELECT id FROM conversations_conversation WHERE folder_id = %(folder)s"
_TAG = "SELECT conversation_id FROM conversations_conversation_tags WHERE tag_id = %(tag)s"
_IN_SQLITE = """
    AND +terms.rowid IN (SELECT id FROM conversations_searchentry WHERE conversation_id IN ({}))"""
_IN_POSTGRES = """
    AND conversation_id IN ({})"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find. `until` is the first moment that is too late, `before` the id of the entry
    that the page before ended with; '' and None are no condition."""

    query: Query
    role: str = ""
    model: str = ""
    has_code: bool = False
    has_image: bool = False
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    folder: UUID | None = None
    tag: UUID | None = None

    def __bool__(self) -> bool:
        return bool(self.query or self.marks or self.folder or self.tag)

    @property
    def marks(self) -> list[str]:
        return [
            *([TITLE if self.role == "title" else role_mark(self.role)] if self.role else []),
            *([model_mark(self.model)] if self.model else []),
            *([CODE] if self.has_code else []),
            *([IMAGE] if self.has_image else []),
        ]


@dataclass(frozen=True, slots=True)
class Hit:
    """A message, or a conversation by its title: then `role` is ''."""

    url: str
    title: list[Piece]
    snippet: list[Piece]
    role: str
    model_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One page; `last` is what the next one has as `before`, None on the last."""

    hits: list[Hit]
    last: int | None


def find(user: AbstractBaseUser, wanted: Wanted, lead: int = LEAD) -> Found:
    """At most PAGE hits in a handful of queries, whatever is asked for; in their snippets so many
    characters stand before what was found."""
    if not wanted:
        return Found([], None)
    most = _MOST_READ if wanted.query.phrases else PAGE
    ids = _matching_ids(user, wanted, most + 1)
    hits: list[Hit] = []
    last = None
    for entry_id, entry in _texts(user, ids[:most]):
        last = entry_id
        if entry and wanted.query.fits(fold(_text_of(entry))):
            hits.append(_hit(entry, wanted.query, lead))
        if len(hits) == PAGE:
            break
    return Found(hits, last if ids and last != ids[-1] else None)


def first_hits(user: AbstractBaseUser, words: str) -> list[Hit]:
    """The newest messages that hold these words, for below the titles that do."""
    found = find(user, Wanted(parse(words)), lead=NARROW_LEAD)
    return [hit for hit in found.hits if hit.role][:FEW]


def _texts(user: AbstractBaseUser, ids: list[int]) -> Iterator[tuple[int, SearchEntry | None]]:
    """Read as they are needed: each can be long, and most often the first ones will do."""
    for start in range(0, len(ids), PAGE):
        entries = _entries(user, ids[start : start + PAGE])
        yield from ((pk, entries.get(pk)) for pk in ids[start : start + PAGE])


def _matching_ids(user: AbstractBaseUser, wanted: Wanted, most: int) -> list[int]:
    since = first_id_at(wanted.since) if wanted.since else _FIRST
    until = first_id_at(wanted.until) - 1 if wanted.until else _LAST
    if wanted.before is not None:
        until = min(until, wanted.before - 1)
    terms = [owner_mark(user.pk), *wanted.marks, *wanted.query.terms]
    is_postgres = connection.vendor == "postgresql"
    asked = {
        "terms": (_tsquery if is_postgres else _fts5)(terms, wanted.query.starts),
        "since": since,
        "until": until,
        "owner": user.pk,
        "most": most,
        # As each database keeps a key.
        "folder": wanted.folder and (wanted.folder if is_postgres else wanted.folder.hex),
        "tag": wanted.tag and (wanted.tag if is_postgres else wanted.tag.hex),
    }
    in_order = _in_order(wanted, _IN_POSTGRES if is_postgres else _IN_SQLITE)
    ids: list[int] = []
    with connection.cursor() as cursor:
        for statement in (_NEWEST, _POSTGRES) if is_postgres else (_SQLITE,):
            cursor.execute(statement.format(in_order=in_order), asked)
            ids = [row[0] for row in cursor.fetchall()]
            if len(ids) == most:
                break
    return ids


def _in_order(wanted: Wanted, condition: str) -> str:
    asked = ((wanted.folder, _FOLDER), (wanted.tag, _TAG))
    return "".join(condition.format(chats) for is_asked, chats in asked if is_asked)


def _fts5(terms: list[str], starts: tuple[str, ...]) -> str:
    """No term holds a quote, or anything else that is no letter."""
    return " AND ".join(chain((f'"{term}"' for term in terms), (f'"{s}"*' for s in starts)))


def _tsquery(terms: list[str], starts: tuple[str, ...]) -> str:
    return " & ".join(chain((f"'{term}'" for term in terms), (f"'{s}':*" for s in starts)))


def _entries(user: AbstractBaseUser, ids: list[int]) -> dict[int, SearchEntry]:
    """By their ids, those that this user may see: it is here that access is decided."""
    shown = SearchEntry.objects.for_user(user).select_related("conversation", "message")
    return shown.only(
        "conversation__title",
        *(f"message__{name}" for name in ("content", "role", "model_name", "created_at")),
        "conversation__created_at",
    ).in_bulk(ids)


def _text_of(entry: SearchEntry) -> str:
    return entry.message.content if entry.message else entry.conversation.title


def _hit(entry: SearchEntry, query: Query, lead: int) -> Hit:
    message, conversation = entry.message, entry.conversation
    title = marked(conversation.title, query)
    if message is None:
        address = conversation.get_absolute_url()
        return Hit(address, title, [], "", "", conversation.created_at)
    return Hit(
        reverse("conversations:message", args=[message.pk]),
        title,
        snippet(message.content, query, lead),
        message.role,
        message.model_name,
        message.created_at,
    )
