"""The models of a provider: fetched from the service, stored beside what was set by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from providers import client
from providers.endpoint import Endpoint, TimeLimits
from providers.events import ModelInfo
from providers.models import Model, Provider

BATCH = 500
# A list is not an answer: a service that is not there must not hold up the start of the site.
LIMITS = TimeLimits(connect=3, first_byte=10, idle=10, total=30)


def refresh(provider: Provider) -> int:
    """Fetch and store the list; how many models it has. UpstreamError if it cannot be had.

    In a loop of its own, since the page's loop has the connections of the running answers.
    """
    infos = async_to_sync(_fetch, force_new_loop=True)(replace(provider.endpoint(), limits=LIMITS))
    store(provider, infos)
    return len(infos)


@transaction.atomic
def store(provider: Provider, infos: Sequence[ModelInfo]) -> None:
    """New models are offered, vanished ones kept for history, names set by hand left alone."""
    known = {model.model_id: model for model in provider.models.all()}
    listed = {info.id[:255]: info for info in infos}
    Model.objects.bulk_create(
        [
            Model(
                provider=provider,
                model_id=model_id,
                name="" if info.name == info.id else info.name[:255],
                context_window=info.context_window,
            )
            for model_id, info in listed.items()
            if model_id not in known
        ],
        batch_size=BATCH,
    )
    there = [model for model in known.values() if model.model_id in listed]
    gone = [model for model in known.values() if model.model_id not in listed]
    _set_vanished([model.pk for model in there if model.vanished_at], None)
    _set_vanished([model.pk for model in gone if not model.vanished_at], timezone.now())


def _set_vanished(keys: list[UUID], at: datetime | None) -> None:
    for start in range(0, len(keys), BATCH):
        Model.objects.filter(pk__in=keys[start : start + BATCH]).update(vanished_at=at)


async def _fetch(endpoint: Endpoint) -> list[ModelInfo]:
    try:
        return await client.list_models(endpoint)
    finally:
        # This loop lives for one call only; its connections go with it.
        await client.close()
