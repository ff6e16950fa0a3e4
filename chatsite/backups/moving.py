"""All rows of one database to another of any kind, compared one by one on the way."""

from itertools import islice
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction

from chatsite.backups.tables import own_models

# A message can hold megabytes, so not thousands at once.
BATCH = 100


class NotMoved(Exception):
    """Nothing was moved; the text says which row was in the way."""


def move(source: str, target: str) -> dict[str, int]:
    """Both are aliases of connections; the target holds nothing that is worth keeping. Tells the
    rows of each table. In one transaction: the rows of a site refer to each other in circles, and
    half of them would be of no use."""
    call_command("migrate", database=target, interactive=False, verbosity=0)
    with transaction.atomic(using=source), transaction.atomic(using=target):
        for model in own_models():
            # What `migrate` has filled in has numbers of its own.
            model._base_manager.using(target).all()._raw_delete(target)
        moved = {model._meta.db_table: _move(model, source, target) for model in own_models()}
        connections[target].check_constraints()
        _reset_sequences(target)
    return moved


def _move(model: type[models.Model], source: str, target: str) -> int:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    rows = model._base_manager.using(source).order_by("pk").iterator(chunk_size=BATCH)
    size = min(BATCH, connections[target].ops.bulk_batch_size(fields, [None] * BATCH))
    moved = 0
    while batch := list(islice(rows, size)):
        _insert(batch, fields, target)
        _compare(batch, fields, target)
        moved += len(batch)
    stored = model._base_manager.using(target).count()
    if stored != moved:
        raise NotMoved(f"{model._meta.db_table}: {moved} rows were read, and {stored} are there.")
    return moved


def _insert(batch: list[models.Model], fields: list[Any], target: str) -> None:
    try:
        _insert_raw(batch, fields, target)
    except (DatabaseError, ValueError):
        for row in batch:
            try:
                _insert_raw([row], fields, target)
            except (DatabaseError, ValueError) as error:
                raise NotMoved(f"{row._meta.db_table} {row.pk}: {error}") from error


def _insert_raw(batch: list[models.Model], fields: list[Any], target: str) -> None:
    """As they are: saved in the usual way, some would get the time of now."""
    with transaction.atomic(using=target):
        batch[0].__class__._base_manager.using(target)._insert(  # type: ignore[attr-defined]
            batch, fields=fields, using=target, raw=True
        )


def _compare(batch: list[models.Model], fields: list[Any], target: str) -> None:
    # In no order: a model's own could need rows that are not there yet.
    there = batch[0].__class__._base_manager.using(target).order_by()
    stored = there.in_bulk([row.pk for row in batch])
    for row in batch:
        twin = stored.get(row.pk)
        for name in (field.attname for field in fields):
            if twin is None or _plain(getattr(row, name)) != _plain(getattr(twin, name)):
                raise NotMoved(f"{row._meta.db_table} {row.pk}: {name} is not the same there.")


def _plain(value: Any) -> Any:
    """Bytes come in another wrapping from each kind of database."""
    return bytes(value) if isinstance(value, memoryview) else value


def _reset_sequences(target: str) -> None:
    """New rows get numbers behind those that were moved."""
    connection = connections[target]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), own_models()):
            cursor.execute(statement)
