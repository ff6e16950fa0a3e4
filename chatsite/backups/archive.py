"""The file of a backup: a zip with what it says of itself, the database, and perhaps the keys."""

import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkstemp

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database"
# What the site made for itself in DATA_DIR and cannot make again.
KEY_FILES = ("secret_key", "encryption_keys")


class BadBackup(Exception):
    """Not a backup, or not whole; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`vendor` is Django's name for the kind of database, `rows` are those of each table,
    `key_ids` tell which keys the stored ones were sealed with, and nothing of the keys."""

    vendor: str
    made_at: str
    migrations: list[str]
    rows: dict[str, int]
    key_ids: list[str]
    format: int = FORMAT


def pack(target: Path, manifest: Manifest, database: Path, keys: Sequence[Path]) -> None:
    """Writes `target` whole or not at all, for its owner to read."""
    handle, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, manifest, {DATABASE: database, **{key.name: key for key in keys}})
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(source: Path) -> Manifest:
    try:
        with zipfile.ZipFile(source) as archive:
            said = json.loads(archive.read(MANIFEST))
        if said["format"] > FORMAT:
            raise BadBackup(f"{source} was made by a newer version. Update the site first.")
        return Manifest(**said)
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise BadBackup(f"{source} is not a backup of this site, or it is damaged.") from error


def unpack(source: Path, folder: Path) -> None:
    """Puts what is in the backup into `folder`, under the names above and no others."""
    try:
        with zipfile.ZipFile(source) as archive:
            for name in {DATABASE, *KEY_FILES} & set(archive.namelist()):
                # Reading to the end is what checks the sums.
                with archive.open(name) as packed, (folder / name).open("wb") as file:
                    shutil.copyfileobj(packed, file, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise BadBackup(f"{source} is damaged: {error}") from error
    if not (folder / DATABASE).exists():
        raise BadBackup(f"{source} holds no database.")


def _write(file: object, manifest: Manifest, members: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        for name, path in members.items():
            archive.write(path, name)
