"""A backup and its way back, as an operator does it."""

import os
import sqlite3
import time
import zipfile
from pathlib import Path

import pytest

from tests import site
from tests.chatsite.management.conftest import ALL, KEY, OPENS, lose_answers, rows_of
from tests.terminal import manage, python, started, tried

# A turn is two messages and a generation, or nothing of it.
WRITE = """
import time
from django.db import transaction
from conversations.models import Conversation
from tests import chats
chat = Conversation.objects.first()
print("writing", flush=True)
end = time.monotonic() + 4
while time.monotonic() < end:
    with transaction.atomic():
        chats.add_turn(chat, "a question", "an answer " * 200)
"""


def test_a_site_comes_back_whole_on_another_machine(here: Path, there: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))
    said = manage(there, "restore", str(here / "a.zip"))

    assert rows_of(there) == ALL
    assert "sealed with a key that is not here" in said


def test_with_its_keys_it_can_be_used_at_once(here: Path, there: Path) -> None:
    manage(here, "backup", str(here / "a.zip"), "--with-keys")
    said = manage(there, "restore", str(here / "a.zip"))

    assert python(there, OPENS) == KEY
    assert "not here" not in said


def test_without_being_asked_it_holds_no_keys(here: Path) -> None:
    said = manage(here, "backup", str(here / "a.zip"))
    secret = (here / "encryption_keys").read_bytes().strip()

    assert secret not in (here / "a.zip").read_bytes()
    assert "The keys are not in it" in said


def test_only_its_owner_may_read_it(here: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))

    assert (here / "a.zip").stat().st_mode & 0o077 == 0


def test_a_file_that_exists_is_replaced_by_force_alone(here: Path) -> None:
    (here / "a.zip").write_text("precious")
    status, said = tried(here, "backup", str(here / "a.zip"))

    assert (status, (here / "a.zip").read_text()) == (1, "precious")
    assert "add --force" in said
    assert "a.zip: " in manage(here, "backup", str(here / "a.zip"), "--force")
    assert zipfile.is_zipfile(here / "a.zip")


@pytest.mark.thorough
def test_a_backup_under_load_shows_one_moment(here: Path, there: Path) -> None:
    writing = started(here, "shell", "-v", "0", "-c", WRITE)
    assert writing.stdout
    assert writing.stdout.readline() == "writing\n"
    for number in range(3):
        manage(here, "backup", str(here / f"{number}.zip"))
    said, _ = writing.communicate(timeout=60)
    manage(there, "restore", str(here / "2.zip"))
    _people, _chats, messages, runs, _keys = rows_of(there)

    assert (writing.returncode, said) == (0, "")
    assert messages == 2 * runs > 80


def test_nothing_is_restored_over_rows_without_force(here: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))
    status, said = tried(here, "restore", str(here / "a.zip"))

    assert status == 1
    assert "rows here already" in said


@pytest.mark.thorough
def test_by_force_it_is_as_it_was(here: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))
    lose_answers(here)
    manage(here, "restore", str(here / "a.zip"), "--force")

    assert rows_of(here) == ALL


@pytest.mark.thorough
def test_a_site_that_runs_is_not_restored_over(here: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))
    with site.running(here):
        status, said = tried(here, "restore", str(here / "a.zip"), "--force")

    assert status == 1
    assert "Stop the site first" in said


@pytest.mark.thorough
def test_a_damaged_database_can_be_replaced(here: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))
    (here / "chatsite.sqlite3").write_bytes(b"SQLite format 3\0" + os.urandom(50_000))
    status, said = tried(here, "restore", str(here / "a.zip"))
    manage(here, "restore", str(here / "a.zip"), "--force")

    assert status == 1
    assert "Add --force to replace it" in said
    assert rows_of(here) == ALL


def test_a_damaged_backup_changes_nothing(here: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))
    packed = bytearray((here / "a.zip").read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    (here / "a.zip").write_bytes(packed)
    status, said = tried(here, "restore", str(here / "a.zip"), "--force")

    assert status == 1
    assert "damaged" in said
    assert rows_of(here) == ALL


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(here: Path) -> None:
    manage(here, "backup", str(here / "a.zip"))
    lose_answers(here)
    for pause in (0.6, 0.8, 1.0):
        restoring = started(here, "restore", str(here / "a.zip"), "--force")
        time.sleep(pause)
        restoring.kill()
        restoring.communicate()
        with sqlite3.connect(here / "chatsite.sqlite3") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert rows_of(here) in (ALL, (2, 20, 80, 0, 1))


def test_a_backup_of_a_newer_version_is_refused(here: Path) -> None:
    with sqlite3.connect(here / "chatsite.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('conversations', '9999_later', '2030-01-01')"
        )
    manage(here, "backup", str(here / "a.zip"))
    status, said = tried(here, "restore", str(here / "a.zip"), "--force")

    assert status == 1
    assert "conversations.9999_later" in said


@pytest.mark.servers
def test_postgres_comes_back_whole(here: Path, there: Path, moved: str) -> None:
    manage(here, "backup", str(here / "a.zip"), "--with-keys", DATABASE_URL=moved)
    manage(there, "restore", str(here / "a.zip"), "--force", DATABASE_URL=moved)

    assert rows_of(moved) == ALL
    assert python(there, OPENS, DATABASE_URL=moved) == KEY


@pytest.mark.thorough
@pytest.mark.servers
def test_a_backup_of_postgres_under_load_shows_one_moment(
    here: Path, there: Path, moved: str
) -> None:
    writing = started(here, "shell", "-v", "0", "-c", WRITE, DATABASE_URL=moved)
    assert writing.stdout
    assert writing.stdout.readline() == "writing\n"
    manage(here, "backup", str(here / "a.zip"), DATABASE_URL=moved)
    said, _ = writing.communicate(timeout=60)
    manage(there, "restore", str(here / "a.zip"), "--force", DATABASE_URL=moved)
    _people, _chats, messages, runs, _keys = rows_of(moved)

    assert (writing.returncode, said) == (0, "")
    assert messages == 2 * runs > 80


@pytest.mark.thorough
@pytest.mark.servers
def test_a_postgres_in_use_is_not_restored_over(here: Path, moved: str) -> None:
    manage(here, "backup", str(here / "a.zip"), DATABASE_URL=moved)
    with site.running(here, DATABASE_URL=moved):
        status, said = tried(here, "restore", str(here / "a.zip"), "--force", DATABASE_URL=moved)

    assert status == 1
    assert "Stop the site first" in said


@pytest.mark.thorough
@pytest.mark.servers
def test_one_kind_of_database_is_not_restored_into_another(here: Path, postgres: str) -> None:
    manage(here, "backup", str(here / "a.zip"))
    status, said = tried(here, "restore", str(here / "a.zip"), DATABASE_URL=postgres)

    assert status == 1
    assert "movedatabase" in said
