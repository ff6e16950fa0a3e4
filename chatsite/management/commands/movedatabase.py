"""The site to another database: from SQLite to Postgres, or back."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from chatsite import databases
from chatsite.backups.archive import BadBackup
from chatsite.backups.engine import engine_of
from chatsite.backups.moving import NotMoved, move
from chatsite.backups.tables import count_kept

SOURCE, TARGET = "source", DEFAULT_DB_ALIAS


class Command(BaseCommand):
    help = "Copy all rows from the database of DATABASE_URL to another. Stop the site first."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "url", help="the new database, as in DATABASE_URL; it must exist and be empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _connect(options["url"])
        try:
            _check()
            moved = move(SOURCE, TARGET)
        except (BadBackup, NotMoved, DatabaseError) as error:
            raise CommandError(f"Nothing was moved. {error}") from error
        for table, count in moved.items():
            self.stdout.write(f"{table}: {count}")
        self.stdout.write(
            f"{sum(moved.values())} rows are in the new database, each compared with the old. "
            "Set DATABASE_URL to it and start the site. The old one is as it was."
        )


def _connect(url: str) -> None:
    """The new database takes the place of the site's own, which gets another name: migrations may
    well write to the one that is always there, whichever they are for."""
    wanted = databases.database(url, Path(settings.DATA_DIR))
    empty = dict.fromkeys(("USER", "PASSWORD", "HOST", "PORT"), "")
    old = connections.databases[TARGET]
    connections[TARGET].close()
    del connections[TARGET]
    connections.databases.update({SOURCE: old, TARGET: {**old, **empty, **wanted}})


def _check() -> None:
    source = connections[SOURCE]
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotMoved("The database is of an older version: run manage.py migrate first.")
    if engine_of(source).is_in_use():
        raise NotMoved("The database is in use. Stop the site first, all of its processes.")
    if kept := count_kept(connections[TARGET]):
        raise NotMoved(f"There are {kept} rows in the new database. It must be empty.")
