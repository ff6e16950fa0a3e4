from pathlib import Path

import pytest

from chatsite.backups.archive import BadBackup
from chatsite.backups.postgres import find_program


def installed(folder: Path, *versions: str) -> None:
    for version in versions:
        program = folder / version / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.touch()


def test_the_newest_program_is_taken(tmp_path: Path) -> None:
    installed(tmp_path, "9", "17", "15")

    assert find_program("pg_dump", tmp_path) == str(tmp_path / "17/bin/pg_dump")


def test_without_a_program_the_words_say_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BadBackup, match="apt install postgresql-client"):
        find_program("pg_dump", tmp_path)
