"""Copying a Postgres database with Postgres's own programs, and putting a copy in its place."""

import os
import re
import subprocess
import time
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from chatsite.backups.archive import BadBackup
from chatsite.backups.programs import DEBIAN, find_program, told
from chatsite.backups.tables import count_rows, own_models

OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
WRONG_COUNT = "'the rows in the backup are not those that were counted'"
SETTING = re.compile(rb"SET (\w+) = ")
# What stands above a script's first object.
PREAMBLE = re.compile(rb"$|--|\\|SET |SELECT pg_catalog\.set_config")
# So long a connection that was closed here may still be known over there.
GOODBYE_S = 1.0


class Postgres:
    """`programs` is the folder in which each version has its own."""

    def __init__(self, connection: BaseDatabaseWrapper, programs: Path = DEBIAN) -> None:
        self.connection, self.programs = connection, programs

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
        plain = ("--no-owner", "--no-privileges", f"--file={script}")
        self._call(find_program("pg_restore", self.programs), *plain, str(copy))
        _leave_out_unknown(script, self._known_settings())
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

    def _known_settings(self) -> set[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pg_settings")
            return {str(row[0]) for row in cursor.fetchall()}

    def _run(self, name: str, *arguments: str) -> str:
        """What the program prints that was connected to the database."""
        # Only what pg_dump writes is kept, and perhaps read where there is no newer program.
        server = self._major() if name == "pg_dump" else None
        psycopg = self.connection.Database  # type: ignore[attr-defined]
        parameters = psycopg.pq.Conninfo.get_defaults()
        variables, words = told(self.connection.settings_dict, parameters)
        return self._call(
            find_program(name, self.programs, server=server), *words, *arguments, **variables
        )

    def _major(self) -> int:
        return int(self.connection.pg_version) // 10000  # type: ignore[attr-defined]

    def _call(self, program: str, *arguments: str, **variables: str) -> str:
        done = subprocess.run(  # noqa: S603 - a program of Postgres, and no words of a user
            [program, *arguments],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BadBackup(f"{Path(program).name}: {done.stderr.strip()}")
        return done.stdout


def _leave_out_unknown(script: Path, known: set[str]) -> None:
    """Programs that are newer than the server begin a script with settings that it has not, and
    its error would be the end of all. Only there: further down are the texts of users."""
    with script.open("r+b") as file:
        while (line := file.readline()) and PREAMBLE.match(line):
            found = SETTING.match(line)
            if found and found[1].decode() not in known:
                file.seek(-len(line), os.SEEK_CUR)
                file.write(b"--")  # as long as before
                file.seek(len(line) - 2, os.SEEK_CUR)


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
