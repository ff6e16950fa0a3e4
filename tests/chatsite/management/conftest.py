"""A site with something to lose, made once; each test works on a copy."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults import servers
from tests.terminal import manage, python

KEY = "sk-a-key-for-the-tests"
SEED = f"""
from tests import chats, people
from providers.models import Key
olivia = people.olivia()
people.ada()
for number in range(20):
    chats.a_conversation(olivia, f"Chat {{number}} 中文", turns=2)
key = Key(provider=chats.a_model().provider)
key.seal("{KEY}")
key.save()
"""
OPENS = "from providers.models import Key; print(Key.objects.get().text())"
TABLES = (
    "chatsite_user",
    "conversations_conversation",
    "conversations_message",
    "conversations_generation",
    "providers_key",
)
COUNT = "SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in TABLES)  # noqa: S608
ALL = (2, 20, 80, 40, 1)


@pytest.fixture(scope="session")
def _seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    manage(folder, "migrate", "-v", "0")
    python(folder, SEED)
    return folder


@pytest.fixture
def here(_seeded: Path, tmp_path: Path) -> Path:
    """The DATA_DIR of a site with accounts, chats and a provider's key."""
    return Path(shutil.copytree(_seeded, tmp_path / "here"))


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The DATA_DIR of another machine, where nothing is yet."""
    return tmp_path / "there"


@pytest.fixture(scope="session")
def _postgres() -> Iterator[servers.Server]:
    with servers.postgres() as (server, _url):
        yield server


@pytest.fixture
def postgres(_postgres: servers.Server) -> Iterator[str]:
    """The DATABASE_URL of an empty database."""
    _ask(_postgres, "CREATE DATABASE site")
    yield _url(_postgres, "site")
    _ask(_postgres, "DROP DATABASE site WITH (FORCE)")


@pytest.fixture(scope="session")
def _moved(_seeded: Path, _postgres: servers.Server) -> str:
    _ask(_postgres, "CREATE DATABASE moved")
    manage(_seeded, "movedatabase", _url(_postgres, "moved"))
    return "moved"


@pytest.fixture
def moved(_moved: str, _postgres: servers.Server) -> Iterator[str]:
    """The DATABASE_URL to which the site was moved."""
    _ask(_postgres, f"CREATE DATABASE copy TEMPLATE {_moved}")
    yield _url(_postgres, "copy")
    _ask(_postgres, "DROP DATABASE copy WITH (FORCE)")


def rows_of(place: Path | str) -> tuple[int, ...]:
    """Of the tables above, in the SQLite file of a DATA_DIR or at a DATABASE_URL."""
    if isinstance(place, Path):
        with closing(sqlite3.connect(place / "chatsite.sqlite3")) as database:
            return tuple(database.execute(COUNT).fetchone())
    with psycopg.connect(place) as connection:
        return tuple(connection.execute(COUNT).fetchone() or ())


def lose_answers(place: Path) -> None:
    with closing(sqlite3.connect(place / "chatsite.sqlite3")) as database:
        database.execute("DELETE FROM conversations_generation")
        database.commit()


def _url(server: servers.Server, database: str) -> str:
    return f"postgres://chat@127.0.0.1:{server.port}/{database}"


def _ask(server: servers.Server, statement: str) -> None:
    address = f"host=127.0.0.1 port={server.port} user=chat dbname=postgres"
    with _connected(address) as connection:
        connection.execute(statement)


def _connected(address: str) -> "psycopg.Connection[Any]":
    """It listens before it lets anyone in."""
    end = time.monotonic() + servers.START_S
    while True:
        try:
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
