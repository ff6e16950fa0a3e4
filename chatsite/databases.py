"""The connection that DATABASE_URL asks for, with the options that keep it from locking up."""

import importlib.util
from pathlib import Path
from typing import Any

import dj_database_url

from chatsite.env import EnvironmentValueError

# Django's defaults fail a quarter of concurrent read-then-write transactions with "database is
# locked": take the write lock at the start of each, and let readers go on meanwhile. What is
# deleted is written over, which not every build of SQLite does by itself.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    ),
}
# A server that went without a word is found out in seconds and not in the quarter of an hour that
# TCP takes by itself.
POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """One entry of DATABASES: SQLite in `data_dir` where `url` is empty."""
    configured = _parsed(url) if url else _sqlite(data_dir / "chatsite.sqlite3")
    if configured["ENGINE"].endswith("sqlite3"):
        configured["OPTIONS"] = dict(SQLITE_OPTIONS)
        # In memory, threads and processes of a test would not see the same rows.
        configured["TEST"] = {"NAME": str(data_dir / "test.sqlite3")}
    else:
        configured["OPTIONS"] = {**POSTGRES_OPTIONS, **configured.get("OPTIONS", {})}
        configured["CONN_HEALTH_CHECKS"] = True
    # The threads that use them stay, a dozen in a process, and so may their connections. A pool
    # would make everybody wait for its own slow attempts after the server was away.
    configured["CONN_MAX_AGE"] = None
    return configured


def _sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


def _parsed(url: str) -> dict[str, Any]:
    wanted = "must be postgres://user:password@host:5432/name or sqlite:////path/to/file"
    try:
        configured = dict(dj_database_url.parse(url))
    except ValueError as error:
        # Without the error's own words: they can hold the password.
        raise EnvironmentValueError("DATABASE_URL", wanted) from error
    engine = configured["ENGINE"].rpartition(".")[2]
    if engine not in {"sqlite3", "postgresql"} or configured["NAME"] in {"", ":memory:"}:
        raise EnvironmentValueError("DATABASE_URL", wanted)
    if engine == "postgresql" and importlib.util.find_spec("psycopg") is None:
        raise EnvironmentValueError(
            "DATABASE_URL", 'needs the Postgres driver: pip install "psycopg[binary]"'
        )
    return configured
