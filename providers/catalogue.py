"""The models of a provider: fetched from the service, stored beside what was set by hand.

What the service's list says of a model stands first, then the table of this program; a name or a
price that an administrator entered is left alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from providers import client, failover
from providers.attempts import Policy
from providers.endpoint import Endpoint, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.events import ModelInfo
from providers.freshness import note_failed, note_fetched
from providers.health import Health
from providers.models import Model, Provider, Source
from providers.models.model import FIRST, PriceSource
from providers.offer import TokenPrice
from providers.presets import preset_for
from providers.prices import known_model
from providers.secrets import KeyRingError

BATCH = 500
# A list is not an answer: a service that is not there must not hold up the start of the site.
# Its total is that of all routes together.
MOST_S = 60.0
LIMITS = TimeLimits(connect=3, first_byte=10, idle=10, total=MOST_S)
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


def refresh(provider: Provider) -> int | None:
    """Fetch and store the list; how many models it has, None if it would not say what can be asked.

    UpstreamError or KeyRingError if it cannot be had. In a loop of its own, since the page's loop
    has the connections of the running answers.
    """
    if not provider.lists_models:
        return None
    try:
        infos = async_to_sync(_fetch_alone, force_new_loop=True)(endpoints(provider))
    except (UpstreamError, KeyRingError) as error:
        note_failed(provider, error)
        raise
    store(provider, infos)
    return len(infos)


def endpoints(provider: Provider) -> list[Endpoint]:
    """The routes by which the list may be had; KeyRingError if a key cannot be opened."""
    return [replace(endpoint, limits=LIMITS) for endpoint in provider.endpoints()]


async def fetch(endpoints: Sequence[Endpoint]) -> list[ModelInfo]:
    """From the first route that tells it; UpstreamError if none does."""
    try:
        async with asyncio.timeout(MOST_S):
            # What becomes of a list says nothing about the routes of chats.
            asked = failover.ask(endpoints, client.list_models, Policy(rounds=1), health=Health())
            return (await asked).answer
    except TimeoutError:
        detail = _("no route told the list of models in time")
        raise UpstreamError(ErrorKind.TIMEOUT, detail) from None


@transaction.atomic
def store(provider: Provider, infos: Sequence[ModelInfo]) -> None:
    """New models are offered, vanished ones kept for history, what was set by hand left alone."""
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
    others = [model for model in known.values() if model.model_id not in listed]
    gone = [model for model in others if not (model.by_hand or model.vanished_at)]
    _set_vanished([model.pk for model in there if model.vanished_at], None)
    _set_vanished([model.pk for model in gone], timezone.now())
    note_fetched(provider)


def _new(provider: Provider, model_id: str, info: ModelInfo) -> Model:
    name = "" if info.name == info.id else info.name[:255]
    position = FIRST if provider.source == Source.ENV else 0
    return Model(provider=provider, model_id=model_id, name=name, position=position)


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


async def _fetch_alone(endpoints: Sequence[Endpoint]) -> list[ModelInfo]:
    try:
        return await fetch(endpoints)
    finally:
        # This loop lives for one call only; its connections go with it.
        await client.close()
