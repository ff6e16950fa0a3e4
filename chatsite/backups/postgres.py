"""Copying a Postgres database with Postgres's own programs, and putting a copy in its place."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from chatsite.backups.archive import BadBackup
from chatsite.backups.tables import count_rows, own_models

# Where Debian keeps them, each version apart.
DEBIAN = Path("/usr/lib/postgresql")
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
WRONG_COUNT = "'the rows in the backup are not those that were counted'"
# So long a connection that was closed here may still be known over there.
GOODBYE_S = 1.0


class Postgres:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def snapshot(self, copy: Path) -> dict[str, int]:
        """The database as it is at one moment, in a file; tells the rows of each table, counted
        at that same moment."""
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            moment = str(cursor.fetchone()[0])
            plain = ("--format=custom", "--no-owner", "--no-privileges")
            self._run("pg_dump", *plain, f"--snapshot={moment}", f"--file={copy}")
            return count_rows(self.connection)

    def is_in_use(self) -> bool:
        """Whether anyone else is connected to it."""
        self._leave()
        end = time.monotonic() + GOODBYE_S
        while int(self._run("psql", "-XAtc", OTHERS)):
            if time.monotonic() > end:
                return True
            time.sleep(0.1)
        return False

    def replace(self, copy: Path, rows: dict[str, int]) -> None:
        """The copy takes the place of all tables of the site, in one transaction, which ends well
        only if the rows in it are those that were counted."""
        script = copy.with_suffix(".sql")
        self._run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(copy))
        drop = _drop(self._own_tables(rows))
        self._leave()
        once = ("-Xq", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
        self._run("psql", *once, "-c", drop, "-f", str(script), "-c", _check(rows))

    def _own_tables(self, rows: dict[str, int]) -> list[str]:
        with self.connection.cursor() as cursor:
            present = set(self.connection.introspection.table_names(cursor))
        return sorted(present & (rows.keys() | {each._meta.db_table for each in own_models()}))

    def _leave(self) -> None:
        self.connection.close()
        if getattr(self.connection, "pool", None):
            self.connection.close_pool()  # type: ignore[attr-defined]

    def _run(self, name: str, *arguments: str) -> str:
        """What the program prints. It is told of the database by its environment, since its
        arguments, and a password among them, could be read by everyone on this machine."""
        done = subprocess.run(  # noqa: S603 - a program of Postgres, and no words of a user
            [find_program(name), *arguments],
            env={**os.environ, **self._variables()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BadBackup(f"{name}: {done.stderr.strip()}")
        return done.stdout

    def _variables(self) -> dict[str, str]:
        names = ("HOST", "PORT", "USER", "PASSWORD")
        settings = self.connection.settings_dict
        given = {f"PG{name}": str(settings[name]) for name in names if settings[name]}
        return {**given, "PGDATABASE": settings["NAME"], "PGCLIENTENCODING": "UTF8"}


def find_program(name: str, debian: Path = DEBIAN) -> str:
    """The newest there is: one that is older than the server would refuse."""
    versions = sorted(debian.glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(4))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise BadBackup(
            f"{name} is missing. Install the client programs of Postgres in the server's version "
            "or a newer one (Debian and Ubuntu: apt install postgresql-client)."
        )
    return found


def _drop(tables: list[str]) -> str:
    return f"DROP TABLE {', '.join(map(_quoted, tables))} CASCADE" if tables else "SELECT 1"


def _check(rows: dict[str, int]) -> str:
    """Fails, and with it the transaction, where a table holds another number of rows."""
    tests = "\n".join(
        f"ASSERT (SELECT count(*) FROM {_quoted(table)}) = {int(count)}, {WRONG_COUNT};"  # noqa: S608
        for table, count in rows.items()
    )
    # The script left no schema in the path.
    return f"RESET search_path; DO $check$ BEGIN\n{tests}\nEND $check$"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
