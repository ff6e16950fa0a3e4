"""Postgres's own programs at a real server: told of every option, and newer than it."""

from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler

from chatsite import databases
from chatsite.backups.archive import BadBackup
from chatsite.backups.postgres import Postgres
from tests.chatsite.management.conftest import ALL, rows_of
from tests.faults.servers import program
from tests.terminal import python

pytestmark = pytest.mark.servers

# What those of version 17 write, and those before it do not know.
NEWER = r"""#!/bin/sh
{real} "$@" || exit
for last; do case "$last" in *.copy) script="${{last%.copy}}.sql";; esac; done
[ "${{script:-}}" ] && sed -i '0,/^SET /s//SET transaction_timeout = 0;\nSET /' "$script"
exit 0
"""
THERE_AND_BACK = """
from pathlib import Path
from django.db import connection
from chatsite.backups.postgres import Postgres
engine = Postgres(connection, Path("{0}"))
engine.replace(Path("{1}/a.copy"), engine.snapshot(Path("{1}/a.copy")))
"""


def connected(url: str, folder: Path) -> Any:
    return ConnectionHandler({"default": databases.database(url, folder)})["default"]


def newer_programs(folder: Path) -> Path:
    """The installed ones, which write what the next version would."""
    bin_ = folder / "programs" / "99" / "bin"
    bin_.mkdir(parents=True)
    for name in ("pg_dump", "psql"):
        (bin_ / name).symlink_to(str(program(name)))
    (bin_ / "pg_restore").write_text(NEWER.format(real=program("pg_restore")))
    (bin_ / "pg_restore").chmod(0o755)
    return folder / "programs"


def test_a_server_older_than_the_programs_gets_its_rows_back(
    here: Path, tmp_path: Path, moved: str
) -> None:
    python(here, THERE_AND_BACK.format(newer_programs(tmp_path), tmp_path), DATABASE_URL=moved)
    script = (tmp_path / "a.sql").read_text(encoding="utf-8")

    assert "--T transaction_timeout = 0;\nSET statement_timeout" in script
    assert rows_of(moved) == ALL


def test_a_program_connects_no_less_safely_than_the_site(tmp_path: Path, postgres: str) -> None:
    # This server has no TLS: whoever is not told to insist goes on without.
    engine = Postgres(connected(f"{postgres}?sslmode=require", tmp_path))

    with pytest.raises(BadBackup, match="SSL"):
        engine.is_in_use()
