"""Postgres's own programs: which of those installed, and how they are told of the database."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from chatsite.backups.archive import BadBackup

# Where Debian keeps them, each version apart.
DEBIAN = Path("/usr/lib/postgresql")


class Parameter(Protocol):
    """One of libpq's, as psycopg tells of it: `envvar` is where else a program looks for it, and
    `dispchar` is empty for those that anyone may see."""

    @property
    def keyword(self) -> bytes: ...
    @property
    def envvar(self) -> bytes | None: ...
    @property
    def dispchar(self) -> bytes: ...


def find_program(name: str, folder: Path = DEBIAN, *, server: int | None = None) -> str:
    """The newest there is: an older one would refuse the server, or an archive of a newer one.
    With the major version of a `server`, the oldest that is not older than that: what it writes
    can be read by the programs of every later one."""
    versions = {_version(path): path for path in folder.glob(f"*/bin/{name}")}
    fitting = sorted(version for version in versions if server is None or version >= server)
    if fitting:
        return str(versions[fitting[0 if server else -1]])
    found = str(versions[max(versions)]) if versions else shutil.which(name)
    if found is None:
        raise BadBackup(
            f"{name} is missing. Install the client programs of Postgres in the server's version "
            "or a newer one (Debian and Ubuntu: apt install postgresql-client)."
        )
    return found


def told(
    settings: Mapping[str, Any], parameters: Iterable[Parameter]
) -> tuple[dict[str, str], list[str]]:
    """The variables and arguments with which a program connects as the site does, to the same
    server and as sure that it is the right one. Arguments could be read by everyone on this
    machine, so what is secret is never among them."""
    given = _given(settings)
    variables, words = {}, []
    for each in parameters:
        name = each.keyword.decode()
        if name not in given:
            continue
        if each.envvar:
            variables[each.envvar.decode()] = given[name]
        elif each.dispchar:
            raise BadBackup(f"{name} in DATABASE_URL cannot be passed on to Postgres's programs.")
        else:
            words.append(f"{name}={_quoted(given[name])}")
    return variables, [f"--dbname={' '.join(words)}"] if words else []


def _given(settings: Mapping[str, Any]) -> dict[str, str]:
    """By libpq's names. Options that are Django's own have none of these."""
    names = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user"}
    values = {names.get(name, name.lower()): settings[name] for name in [*names, "PASSWORD"]}
    filled = {name: str(value) for name, value in values.items() if value}
    options = {name: str(value) for name, value in settings["OPTIONS"].items()}
    return {**options, **filled, "client_encoding": "UTF8"}


def _version(program: Path) -> int:
    name = program.parts[-3]
    return int(name) if name.isdigit() else 0


def _quoted(value: str) -> str:
    escaped = value.replace("\\", r"\\").replace("'", r"\'")
    return f"'{escaped}'"
