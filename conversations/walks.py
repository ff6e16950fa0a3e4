"""Walks through the tree of a conversation's messages, done by the database: a conversation may
have tens of thousands, and a page wants to know of forty."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from conversations.models import Message

# From a message of a conversation up, with how many steps that is.
_UP = """
    WITH RECURSIVE up(id, parent_id, steps) AS (
        SELECT id, parent_id, 0 FROM conversations_message
        WHERE id = %s AND conversation_id = %s
        UNION ALL
        SELECT message.id, message.parent_id, up.steps + 1
        FROM up, conversations_message AS message
        WHERE message.id = up.parent_id AND up.steps + 1 < %s)
    """
# More than a conversation has: a walk that comes back to where it began ends as well.
_FAR = 1 << 18
_DOWN = """
    WITH RECURSIVE down(id, steps) AS (
        SELECT id, 0 FROM conversations_message WHERE id = %s
        UNION ALL
        SELECT (SELECT reply.id FROM conversations_message AS reply
            WHERE reply.parent_id = down.id AND reply.deleted_at IS NULL
            ORDER BY reply.created_at DESC, reply.id DESC LIMIT 1), steps + 1
        FROM down WHERE down.id IS NOT NULL AND steps < %s)
    SELECT id FROM down WHERE id IS NOT NULL ORDER BY steps DESC LIMIT 1"""
# UNION alone: each message once.
_MARK_UNDER = """
    UPDATE conversations_message SET deleted_at = %s WHERE id IN (
        WITH RECURSIVE under(id) AS (
            SELECT id FROM conversations_message WHERE id = %s
            UNION
            SELECT reply.id FROM under, conversations_message AS reply
            WHERE reply.parent_id = under.id
            AND (reply.deleted_at = %s OR (reply.deleted_at IS NULL AND %s)))
        SELECT id FROM under)"""

Value = UUID | datetime | int | str | None
_UUIDS, _TIMES = Message._meta.get_field("id"), Message._meta.get_field("deleted_at")


class Walk:
    """From a message of a conversation up to the root."""

    def __init__(self, conversation_id: UUID, message_id: UUID | None) -> None:
        self._from = (message_id, conversation_id)

    def ids(self, most: int = _FAR) -> list[UUID]:
        """Of the path to the message the last ones, oldest first."""
        return self._ids("SELECT id FROM up ORDER BY steps DESC", most=most)

    def steps_to(self, message_id: UUID) -> int | None:
        """How far up another message is; None for one that is not above."""
        rows = self._rows("SELECT steps FROM up WHERE id = %s LIMIT 1", message_id)
        return int(rows[0][0]) if rows else None

    def id_after(self, steps: int) -> UUID | None:
        return self._first("SELECT id FROM up WHERE steps = %s LIMIT 1", steps)

    def reply_to(self, parent_id: UUID | None) -> UUID | None:
        """The message of the path that comes after this one; the root comes after None."""
        if parent_id is None:
            return self._first("SELECT id FROM up WHERE parent_id IS NULL LIMIT 1")
        return self._first("SELECT id FROM up WHERE parent_id = %s LIMIT 1", parent_id)

    def lines(self) -> list[tuple[UUID, str, str, str]]:
        """The id, the role, the text and the mark of each, oldest first."""
        rows = self._rows(
            """SELECT message.id, message.role, message.content, message.mark FROM up
            JOIN conversations_message AS message ON message.id = up.id ORDER BY up.steps DESC"""
        )
        return [(_uuid(pk), role, content, mark) for pk, role, content, mark in rows]

    def _first(self, select: str, *values: Value) -> UUID | None:
        return next(iter(self._ids(select, *values)), None)

    def _ids(self, select: str, *values: Value, most: int = _FAR) -> list[UUID]:
        return _uuids(self._rows(select, *values, most=most))

    def _rows(self, select: str, *values: Value, most: int = _FAR) -> list[Any]:
        if self._from[0] is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_UP + select, _stored(*self._from, most, *values))
            return list(cursor.fetchall())


def newest_under(message_id: UUID) -> UUID:
    """From a message down by the newest reply to each, to the one that has none."""
    with connection.cursor() as cursor:
        cursor.execute(_DOWN, _stored(message_id, _FAR))
        return _uuids(cursor.fetchall())[0]


def mark_under(message_id: UUID, was: datetime | None, deleted_at: datetime | None) -> int:
    """Give a message, and all under it whose `deleted_at` was this, another; how many they are."""
    values = _stored(deleted_at, message_id, was, was is None)
    with connection.cursor() as cursor:
        cursor.execute(_MARK_UNDER, values)
        return int(cursor.rowcount)


def _uuids(rows: Sequence[Sequence[Any]]) -> list[UUID]:
    return [_uuid(pk) for (pk,) in rows]


def _uuid(pk: UUID | str) -> UUID:
    """SQLite has no type for them."""
    return pk if isinstance(pk, UUID) else UUID(pk)


def _stored(*values: Value) -> list[Any]:
    return [_of_database(value) for value in values]


def _of_database(value: Value) -> Any:
    if isinstance(value, UUID):
        return _UUIDS.get_db_prep_value(value, connection)
    if isinstance(value, datetime):
        return _TIMES.get_db_prep_value(value, connection)
    return value
