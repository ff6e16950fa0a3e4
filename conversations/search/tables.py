"""What the databases need beside the table of entries, in their own SQL.

Run by the migration and by `reindexsearch`: where SQLite makes a table anew, its triggers are gone.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

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
    "DROP TRIGGER IF EXISTS conversations_searchentry_added",
    """CREATE TRIGGER conversations_searchentry_added
    AFTER INSERT ON conversations_searchentry BEGIN
    INSERT INTO conversations_searchterms(rowid, terms) VALUES (new.id, new.terms); END""",
    "DROP TRIGGER IF EXISTS conversations_searchentry_removed",
    """CREATE TRIGGER conversations_searchentry_removed
    AFTER DELETE ON conversations_searchentry BEGIN
    INSERT INTO conversations_searchterms(conversations_searchterms, rowid, terms)
    VALUES ('delete', old.id, old.terms); END""",
)


def complete(connection: BaseDatabaseWrapper) -> None:
    """The index over the entries that are there, and what keeps it in step with them."""
    with connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
