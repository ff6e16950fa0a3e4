"""The site as it was when a backup was made."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from chatsite.backups.archive import (
    DATABASE,
    KEY_FILES,
    BadBackup,
    Manifest,
    read_manifest,
    unpack,
)
from chatsite.backups.engine import Engine, engine_of
from chatsite.backups.tables import count_kept, unknown_migrations
from providers import secrets

OLD = ".before-restore"


class Command(BaseCommand):
    help = "Put the site back as it was when a backup was made. Stop it first."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file that backup wrote")
        parser.add_argument("--force", action="store_true", help="replace what is here now")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"].absolute()
        try:
            manifest = read_manifest(source)
            engine = engine_of(connection)
            _check(manifest, engine, force=options["force"])
            replaced = _put_back(source, manifest, engine)
        except (BadBackup, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        tables, rows = len(manifest.rows), sum(manifest.rows.values())
        self.stdout.write(f"Restored from {manifest.made_at}: {tables} tables, {rows} rows.")
        for line in _words_about(manifest, replaced):
            self.stdout.write(line)


def _check(manifest: Manifest, engine: Engine, *, force: bool) -> None:
    if manifest.vendor != connection.vendor:
        raise BadBackup(
            f"This backup is of {manifest.vendor}, and DATABASE_URL names {connection.vendor}. "
            f"Restore it into {manifest.vendor}, then use movedatabase."
        )
    if newer := unknown_migrations(manifest.migrations):
        raise BadBackup(f"A newer version made this backup ({newer[0]}). Update the site first.")
    if engine.is_in_use():
        raise BadBackup("The database is in use. Stop the site first, all of its processes.")
    if not force and (kept := _count_kept()):
        raise BadBackup(f"There are {kept} rows here already. Add --force to replace them all.")


def _count_kept() -> int:
    try:
        return count_kept(connection)
    except DatabaseError as error:
        raise BadBackup(
            f"What is here cannot be read: {error}. Add --force to replace it."
        ) from error
    finally:
        connection.close()


def _put_back(source: Path, manifest: Manifest, engine: Engine) -> list[str]:
    """Tells which key files were replaced by others."""
    place = data_dir = Path(settings.DATA_DIR)
    if connection.vendor == "sqlite":
        # Beside the database: between two disks, nothing can take a place at once.
        place = Path(connection.settings_dict["NAME"]).parent
    with TemporaryDirectory(dir=place, prefix=".restore-") as name:
        folder = Path(name)
        unpack(source, folder)
        engine.replace(folder / DATABASE, manifest.rows)
        return [each for each in KEY_FILES if _put_key_back(folder / each, data_dir / each)]


def _put_key_back(copy: Path, present: Path) -> bool:
    if not copy.exists() or (present.exists() and present.read_bytes() == copy.read_bytes()):
        return False
    copy.chmod(0o600)
    if present.exists():
        # It may be the only one that opens some other copy.
        present.replace(present.with_name(present.name + OLD))
    shutil.move(copy, present)
    return True


def _words_about(manifest: Manifest, replaced: list[str]) -> list[str]:
    lines = [
        f"{name} is the one of the backup; the other is kept as {name}{OLD}." for name in replaced
    ]
    if "encryption_keys" not in replaced and not {*manifest.key_ids} <= {*secrets.key_ids()}:
        lines.append(
            "The providers' keys were sealed with a key that is not here: put back the "
            "encryption_keys of then, or enter the providers' keys again."
        )
    return [*lines, "Start the site: it brings the database up to date."]
