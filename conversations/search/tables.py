"""What the databases need beside the table of entries, in their own SQL.

Run by the migration and by `reindexsearch`: where SQLite makes a table anew, its triggers are gone.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

# Postgres looks through what it has not yet sorted in, at each search: no more than 512 KB.
POSTGRES = (
    "SET CONSTRAINTS ALL IMMEDIATE",
    """CREATE INDEX IF NOT EXISTS conversations_searchentry_terms ON conversations_searchentry
    USING gin (terms) WITH (gin_pending_list_limit = 512)""",
)
# ascii: whatever is no ASCII is part of a term. No positions are kept: terms stand there once.
SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS conversations_searchterms USING fts5(
    terms, content='conversations_searchentry', content_rowid='id',
    tokenize='ascii', detail='none', columnsize=0, prefix='2 3')""",
    "INSERT INTO conversations_searchterms(conversations_searchterms) VALUES ('rebuild')",
    "CREATE TABLE IF NOT EXISTS conversations_searchdue (step TEXT PRIMARY KEY)",
    "DROP TRIGGER IF EXISTS conversations_searchentry_added",
    """CREATE TRIGGER conversations_searchentry_added
    AFTER INSERT ON conversations_searchentry BEGIN
    INSERT INTO conversations_searchterms(rowid, terms) VALUES (new.id, new.terms); END""",
    "DROP TRIGGER IF EXISTS conversations_searchentry_removed",
    """CREATE TRIGGER conversations_searchentry_removed
    AFTER DELETE ON conversations_searchentry BEGIN
    INSERT INTO conversations_searchterms(conversations_searchterms, rowid, terms)
    VALUES ('delete', old.id, old.terms);
    INSERT OR IGNORE INTO conversations_searchdue VALUES ('merge'); END""",
)


# SQLite's index notes only that an entry is gone: its terms go when the parts of the index are
# merged, of which a trigger makes a note. A negative number of pages begins that with all of them.
_MERGE = (
    "INSERT INTO conversations_searchterms(conversations_searchterms, rank) VALUES ('merge', %s)"
)
_PAGES = 250


def complete(connection: BaseDatabaseWrapper) -> None:
    """The index over the entries that are there, and what keeps it in step with them."""
    with connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def forget_some(connection: BaseDatabaseWrapper) -> bool:
    """A short step of removing the terms of entries that are gone; whether it has to go on.

    What goes meanwhile is for the next time: else a busy site would never come to the end.
    """
    if connection.vendor != "sqlite":
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT step FROM conversations_searchdue")
        steps = {row[0] for row in cursor.fetchall()}
        if not steps:
            return False
        if "merging" in steps:
            return _merge(cursor, _PAGES)
        cursor.execute("UPDATE conversations_searchdue SET step = 'merging'")
        return _merge(cursor, -_PAGES)


def _merge(cursor: CursorWrapper, pages: int) -> bool:
    before = _changes(cursor)
    cursor.execute(_MERGE, [pages])
    # So the manual: fewer than two changes, and nothing was left to merge.
    if _changes(cursor) - before >= 2:
        return True
    cursor.execute("DELETE FROM conversations_searchdue WHERE step = 'merging'")
    return False


def _changes(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])
