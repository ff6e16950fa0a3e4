"""Copying a SQLite database while it is written, and putting a copy in its place."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from chatsite.backups.archive import BadBackup


class Sqlite:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.path = Path(connection.settings_dict["NAME"])

    def snapshot(self, copy: Path) -> dict[str, int]:
        """The database as it is at one moment, in a file; tells the rows of each table. In WAL
        mode nobody who writes meanwhile has to wait."""
        with closing(sqlite3.connect(self.path)) as live, closing(sqlite3.connect(copy)) as target:
            live.backup(target)
            # Of one file, and not one of three.
            target.execute("PRAGMA journal_mode=DELETE")
            return _checked(target)

    def is_in_use(self) -> bool:
        """Whether another process has it open: only alone can one leave WAL mode. Afterwards
        all is in the one file."""
        self.connection.close()
        if not self.path.exists():
            return False
        with closing(sqlite3.connect(self.path, timeout=1)) as mine:
            try:
                return bool(mine.execute("PRAGMA journal_mode=DELETE").fetchone() != ("delete",))
            except sqlite3.OperationalError:
                return True
            except sqlite3.DatabaseError:
                return False  # too damaged for anyone to use

    def replace(self, copy: Path, rows: dict[str, int]) -> None:
        """The copy takes the place of the database, at once or not at all."""
        try:
            with closing(sqlite3.connect(copy)) as restored:
                if _checked(restored) != rows:
                    raise BadBackup("The rows in the backup are not those that were counted.")
        except sqlite3.DatabaseError as error:
            raise BadBackup(f"The database in the backup is damaged: {error}") from error
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        # They belong to the old one, which is whole without them unless it is damaged anyway.
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        copy.replace(self.path)


def _checked(database: sqlite3.Connection) -> dict[str, int]:
    """The rows of each table, if all is as it should be."""
    faults = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    if faults or database.execute("PRAGMA foreign_key_check").fetchone():
        raise BadBackup(f"The database is damaged: {(faults or ['rows without their owner'])[0]}")
    wanted = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
    names = [row[0] for row in database.execute(f"{wanted} ESCAPE '\\' ORDER BY name")]
    return {name: _count(database, name) for name in names}


def _count(database: sqlite3.Connection, name: str) -> int:
    quoted = name.replace('"', '""')
    return int(database.execute(f'SELECT COUNT(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608
