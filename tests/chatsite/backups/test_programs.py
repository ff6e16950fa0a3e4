from pathlib import Path
from typing import Any

import pytest
from psycopg import pq

from chatsite import databases
from chatsite.backups.archive import BadBackup
from chatsite.backups.programs import find_program, told

CAREFUL = "?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/me.pem&options=-c%20work_mem=8MB"


def installed(folder: Path, *versions: str) -> None:
    for version in versions:
        program = folder / version / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.touch()


def settings_of(query: str, folder: Path) -> dict[str, Any]:
    return databases.database(f"postgres://u:p%20w@h:5433/n{query}", folder)


def test_the_newest_program_is_taken(tmp_path: Path) -> None:
    installed(tmp_path, "9", "17", "15")

    assert find_program("pg_dump", tmp_path) == str(tmp_path / "17/bin/pg_dump")


@pytest.mark.parametrize(("server", "taken"), [(9, "9"), (10, "15"), (15, "15"), (16, "17")])
def test_for_a_server_it_is_the_oldest_that_is_not_older(
    tmp_path: Path, server: int, taken: str
) -> None:
    installed(tmp_path, "9", "17", "15")

    assert find_program("pg_dump", tmp_path, server=server) == f"{tmp_path}/{taken}/bin/pg_dump"


def test_where_all_are_older_the_newest_may_say_so_itself(tmp_path: Path) -> None:
    installed(tmp_path, "9", "15")

    assert find_program("pg_dump", tmp_path, server=17) == str(tmp_path / "15/bin/pg_dump")


def test_without_a_program_the_words_say_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BadBackup, match="apt install postgresql-client"):
        find_program("pg_dump", tmp_path)


def test_a_program_is_as_careful_as_the_site_s_own_connection(tmp_path: Path) -> None:
    variables, _ = told(settings_of(CAREFUL, tmp_path), pq.Conninfo.get_defaults())

    assert variables["PGSSLMODE"] == "verify-full"
    assert (variables["PGSSLROOTCERT"], variables["PGSSLCERT"]) == ("/ca.pem", "/me.pem")
    assert (variables["PGOPTIONS"], variables["PGPORT"]) == ("-c work_mem=8MB", "5433")


def test_what_has_no_variable_is_an_argument_and_no_secret(tmp_path: Path) -> None:
    variables, words = told(settings_of(CAREFUL, tmp_path), pq.Conninfo.get_defaults())

    assert variables["PGPASSWORD"] == "p w"
    assert len(words) == 1
    assert "tcp_user_timeout='10000'" in words[0]
    assert "p w" not in words[0]


def test_a_secret_that_only_an_argument_could_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="sslpassword"):
        told(settings_of("?sslpassword=x", tmp_path), pq.Conninfo.get_defaults())


def test_options_of_django_s_own_are_not_passed_on(tmp_path: Path) -> None:
    settings = settings_of("", tmp_path)
    settings["OPTIONS"]["pool"] = True
    variables, words = told(settings, pq.Conninfo.get_defaults())

    assert "pool" not in f"{variables}{words}"
