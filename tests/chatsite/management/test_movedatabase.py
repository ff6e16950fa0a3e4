"""From SQLite to Postgres and back."""

from pathlib import Path

import pytest

from tests import site
from tests.chatsite.management.conftest import ALL, KEY, OPENS, rows_of
from tests.terminal import manage, python, tried

NEW_USER = "from tests import people; print(people.sam().pk)"
# As Python has them, so that it does not matter how each database writes them down.
EVERYTHING = """
from chatsite.backups.tables import own_models
for model in own_models():
    for row in model._base_manager.order_by("pk").values():
        print(model.__name__, sorted((k, bytes(v) if k == "sealed" else v) for k, v in row.items()))
"""


@pytest.mark.thorough
def test_sqlite_to_sqlite_loses_nothing(here: Path, there: Path) -> None:
    there.mkdir()
    url = f"sqlite:///{there}/chatsite.sqlite3"
    said = manage(here, "movedatabase", url)

    assert "each compared with the old" in said
    assert sorted(python(here, EVERYTHING).splitlines()) == sorted(
        python(here, EVERYTHING, DATABASE_URL=url).splitlines()
    )


@pytest.mark.servers
def test_postgres_holds_every_row_as_it_was(here: Path, moved: str) -> None:
    before = sorted(python(here, EVERYTHING).splitlines())

    assert sorted(python(here, EVERYTHING, DATABASE_URL=moved).splitlines()) == before
    assert python(here, OPENS, DATABASE_URL=moved) == KEY


@pytest.mark.thorough
@pytest.mark.servers
def test_there_and_back_again_loses_nothing(here: Path, there: Path, moved: str) -> None:
    before = sorted(python(here, EVERYTHING).splitlines())
    there.mkdir()
    url = f"sqlite:///{there}/chatsite.sqlite3"
    manage(here, "movedatabase", url, DATABASE_URL=moved)

    assert sorted(python(here, EVERYTHING, DATABASE_URL=url).splitlines()) == before


@pytest.mark.servers
def test_new_rows_get_new_numbers(here: Path, moved: str) -> None:

    assert python(here, NEW_USER, DATABASE_URL=moved) == "3"


@pytest.mark.thorough
@pytest.mark.servers
def test_a_database_that_holds_something_is_left_as_it_is(here: Path, postgres: str) -> None:
    manage(here, "migrate", "-v", "0", DATABASE_URL=postgres)
    python(here, NEW_USER, DATABASE_URL=postgres)
    status, said = tried(here, "movedatabase", postgres)

    assert status == 1
    assert "must be empty" in said
    assert rows_of(postgres) == (1, 0, 0, 0, 0)


@pytest.mark.thorough
@pytest.mark.servers
def test_a_row_that_does_not_fit_is_named_and_nothing_is_moved(here: Path, postgres: str) -> None:
    # SQLite minds no lengths.
    python(
        here,
        "from chatsite.models import User; User.objects.filter(pk=1).update(username='o' * 200)",
    )
    status, said = tried(here, "movedatabase", postgres)

    assert status == 1
    assert "chatsite_user 1:" in said
    assert rows_of(postgres) == (0, 0, 0, 0, 0)


@pytest.mark.thorough
@pytest.mark.servers
def test_after_a_failure_it_can_be_tried_again(here: Path, postgres: str) -> None:
    rename = "from chatsite.models import User; User.objects.filter(pk=1).update(username='o' * {})"
    python(here, rename.format(200))
    tried(here, "movedatabase", postgres)
    python(here, rename.format(20))
    manage(here, "movedatabase", postgres)

    assert rows_of(postgres) == ALL


@pytest.mark.thorough
def test_a_site_that_runs_is_not_moved(here: Path, there: Path) -> None:
    with site.running(here):
        status, said = tried(here, "movedatabase", f"sqlite:///{there}.sqlite3")

    assert status == 1
    assert "Stop the site first" in said


def test_another_address_is_refused_without_repeating_it(here: Path) -> None:
    status, said = tried(here, "movedatabase", "mysql://a:hidden@b/c")

    assert status == 1
    assert "hidden" not in said
