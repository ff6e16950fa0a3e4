"""A copy of the site in one file, made while it runs."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from chatsite.backups.archive import DATABASE, KEY_FILES, BadBackup, Manifest, pack
from chatsite.backups.engine import engine_of
from chatsite.backups.tables import applied_migrations
from providers import secrets


class Command(BaseCommand):
    help = "Write a copy of the whole site into one file, while it runs."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write")
        parser.add_argument("--force", action="store_true", help="replace the file if it exists")
        parser.add_argument(
            "--with-keys",
            action="store_true",
            help="also the key files of DATA_DIR; then the file alone opens the providers' keys",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        if target.exists() and not options["force"]:
            raise CommandError(f"{target} exists. Name another file, or add --force.")
        keys = _key_files() if options["with_keys"] else []
        try:
            manifest = _copy(target, keys)
        except (BadBackup, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        tables, rows = len(manifest.rows), sum(manifest.rows.values())
        self.stdout.write(f"{target}: {tables} tables, {rows} rows.")
        self.stdout.write(_words_about(keys))


def _copy(target: Path, keys: list[Path]) -> Manifest:
    """On the disk that the file is for: the other may have no room for a second database."""
    with TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        database = Path(folder) / DATABASE
        migrations = applied_migrations(connection)
        rows = engine_of(connection).snapshot(database)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(connection.vendor, made_at, migrations, rows, secrets.key_ids())
        pack(target, manifest, database, keys)
    return manifest


def _key_files() -> list[Path]:
    return [path for name in KEY_FILES if (path := Path(settings.DATA_DIR) / name).exists()]


def _words_about(keys: list[Path]) -> str:
    if keys:
        names = " and ".join(key.name for key in keys)
        return f"With {names}: whoever has this file can open the providers' keys."
    return (
        "The keys are not in it. Keep encryption_keys from DATA_DIR, or ENCRYPTION_KEYS, "
        "in another place: without them the providers' keys are lost."
    )
