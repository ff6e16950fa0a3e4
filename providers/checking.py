"""An examination of a provider, kept as the capability card of the model that was asked."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from providers.card import EMBEDDINGS, STREAMING, line_of, own_abilities
from providers.client import close
from providers.doctor import Step, examine
from providers.local import stop_local
from providers.models import Model, Provider
from providers.offer import NAMES
from providers.routes import Routes, resolve


def model_to_check(provider: Provider, model_id: str = "") -> Model | None:
    """The one of that id, also one that is for something else than chat; else the first offered."""
    offered = Model.objects.offered().filter(provider=provider)
    return (offered.filter(model_id=model_id) if model_id else offered.for_chat()).first()


async def check(routes: Routes, model_id: str, model: Model | None) -> AsyncGenerator[Step, None]:
    """The steps over the first route; at the end they are stored with the model.

    UpstreamError if the stored key cannot be opened or the embedded model cannot start. Leave the
    loop early only inside `contextlib.aclosing`.
    """
    steps: list[Step] = []
    endpoint = (await resolve(routes))[0]
    async with aclosing(examine(endpoint, model_id)) as examined:
        async for step in examined:
            steps.append(step)
            yield step
    if model:
        await sync_to_async(keep, thread_sensitive=False)(model, steps)


async def check_alone(
    routes: Routes, model_id: str, model: Model | None
) -> AsyncGenerator[Step, None]:
    """`check` in a loop of its own, whose connections go with it."""
    try:
        async for step in check(routes, model_id, model):
            yield step
    finally:
        await stop_local()
        await close()


def keep(model: Model, steps: list[Step]) -> None:
    card = [line_of(step) for step in steps]
    _keep(model, card, card)
    for line in card:
        if line["of"]:
            _keep_of_other(model, line)


def is_good(steps: list[Step]) -> bool:
    """Whether a chat can be had, as the page has it: word by word."""
    return any(STREAMING in step.finding.can for step in steps)


def _keep_of_other(model: Model, line: dict[str, Any]) -> None:
    """What was seen of another model of the provider, beside what its own card says."""
    other = Model.objects.filter(provider=model.provider_id, model_id=line["of"]).first()
    if other is None:
        return
    seen = {**line, "of": ""}
    rest = [each for each in other.card if EMBEDDINGS not in each.get("can", ())]
    _keep(other, [*rest, seen], [seen])


def _keep(model: Model, card: list[dict[str, Any]], seen: list[dict[str, Any]]) -> None:
    found = {name: can for name, can in own_abilities(seen).items() if name in NAMES}
    capabilities = {**model.capabilities, **found}
    Model.objects.filter(pk=model.pk).update(
        card=card, checked_at=timezone.now(), capabilities=capabilities
    )
