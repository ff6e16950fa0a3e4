"""The models of a provider: fetched from the service, stored beside what was set by hand.

What the service's list says of a model stands first, then the table of this program; a name or a
price that an administrator entered is left alone.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from providers import client, failover
from providers.attempts import Policy
from providers.endpoint import Endpoint, TimeLimits
from providers.events import ModelInfo
from providers.models import Model, Provider
from providers.models.model import PriceSource
from providers.offer import TokenPrice
from providers.presets import preset_for
from providers.prices import known_model

BATCH = 500
# A list is not an answer: a service that is not there must not hold up the start of the site.
LIMITS = TimeLimits(connect=3, first_byte=10, idle=10, total=30)
LISTED = (
    "context_window",
    "max_output",
    "capabilities",
    "input_price",
    "cached_input_price",
    "output_price",
    "currency",
    "price_source",
    "price_varies",
    "price_up_to",
)


def refresh(provider: Provider) -> int:
    """Fetch and store the list; how many models it has. UpstreamError if it cannot be had.

    In a loop of its own, since the page's loop has the connections of the running answers.
    """
    endpoints = [replace(endpoint, limits=LIMITS) for endpoint in provider.endpoints()]
    infos = async_to_sync(_fetch, force_new_loop=True)(endpoints)
    store(provider, infos)
    return len(infos)


@transaction.atomic
def store(provider: Provider, infos: Sequence[ModelInfo]) -> None:
    """New models are offered, vanished ones kept for history, names set by hand left alone."""
    known = {model.model_id: model for model in provider.models.all()}
    listed = {info.id[:255]: info for info in infos}
    new: list[Model] = []
    changed: list[Model] = []
    for model_id, info in listed.items():
        model = known.get(model_id) or _new(provider, model_id, info)
        if _describe(model, info):
            (changed if model_id in known else new).append(model)
        elif model_id not in known:
            new.append(model)
    Model.objects.bulk_create(new, batch_size=BATCH)
    Model.objects.bulk_update(changed, LISTED, batch_size=BATCH)
    there = [model for model in known.values() if model.model_id in listed]
    gone = [model for model in known.values() if model.model_id not in listed]
    _set_vanished([model.pk for model in there if model.vanished_at], None)
    _set_vanished([model.pk for model in gone if not model.vanished_at], timezone.now())
    Provider.objects.filter(pk=provider.pk).update(listed_at=timezone.now())


def _new(provider: Provider, model_id: str, info: ModelInfo) -> Model:
    name = "" if info.name == info.id else info.name[:255]
    return Model(provider=provider, model_id=model_id, name=name)


def _describe(model: Model, info: ModelInfo) -> bool:
    """Write into the model what is known of it; whether that changes anything."""
    told = _told(model.provider, info)
    if model.price_source == PriceSource.ADMIN:
        told = {name: value for name, value in told.items() if name not in _PRICES}
    before = {name: getattr(model, name) for name in told}
    for name, value in told.items():
        setattr(model, name, value)
    return before != told


_PRICES = tuple(name for name in LISTED if "price" in name or name == "currency")


def _told(provider: Provider, info: ModelInfo) -> dict[str, Any]:
    preset = preset_for(provider.base_url)
    known = known_model(preset.slug if preset else "", info.id)
    price, source = info.price, PriceSource.SERVICE
    if price is None and known:
        price, source = known.price, PriceSource.KNOWN
    can = info.capabilities.or_else(known.capabilities) if known else info.capabilities
    is_known = source is PriceSource.KNOWN and known is not None
    return {
        "context_window": info.context_window or (known.context_window if known else None),
        "max_output": info.max_output or (known.max_output if known else None),
        "capabilities": {name: value for name, value in asdict(can).items() if value is not None},
        "price_source": source if price else PriceSource.NONE,
        "price_varies": bool(known and known.varies) if is_known else False,
        "price_up_to": known.up_to if known and is_known else None,
        **_price(price or TokenPrice(None, None)),
    }


def _price(price: TokenPrice) -> dict[str, Any]:
    return {
        "input_price": price.input,
        "cached_input_price": price.cached_input,
        "output_price": price.output,
        "currency": price.currency,
    }


def _set_vanished(keys: list[UUID], at: datetime | None) -> None:
    for start in range(0, len(keys), BATCH):
        Model.objects.filter(pk__in=keys[start : start + BATCH]).update(vanished_at=at)


async def _fetch(endpoints: Sequence[Endpoint]) -> list[ModelInfo]:
    try:
        reply = await failover.ask(endpoints, client.list_models, Policy(rounds=1))
        return reply.answer
    finally:
        # This loop lives for one call only; its connections go with it.
        await client.close()
