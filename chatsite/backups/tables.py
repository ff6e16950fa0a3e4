"""What a database holds, table by table."""

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

# Filled by `migrate` itself.
BY_MIGRATE = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def count_rows(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """Of each table, in the transaction that the connection is in."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        return {name: _count(cursor, connection.ops.quote_name(name)) for name in names}


def count_kept(connection: BaseDatabaseWrapper) -> int:
    """Rows of this site that somebody would miss."""
    own = {model._meta.db_table for model in own_models()}
    rows = count_rows(connection)
    return sum(rows[name] for name in rows.keys() & own - BY_MIGRATE)


def own_models() -> list[type[models.Model]]:
    """Each with a table of its own, also those between two others."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def applied_migrations(connection: BaseDatabaseWrapper) -> list[str]:
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations)


def unknown_migrations(names: list[str]) -> list[str]:
    """Those that this version does not have, so that a newer one has written the rows."""
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    return [name for name in names if name not in known]


def _count(cursor: CursorWrapper, quoted: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {quoted}")  # noqa: S608 - from the database itself
    return int(cursor.fetchone()[0])
