"""The one of two ways to copy that fits a connection."""

from django.db.backends.base.base import BaseDatabaseWrapper

from chatsite.backups.postgres import Postgres
from chatsite.backups.sqlite import Sqlite

Engine = Sqlite | Postgres


def engine_of(connection: BaseDatabaseWrapper) -> Engine:
    return Sqlite(connection) if connection.vendor == "sqlite" else Postgres(connection)
