"""An examination of a provider, kept as the capability card of the model that was asked."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Self

from asgiref.sync import sync_to_async
from django.utils import timezone

from providers.card import EMBEDDINGS, STREAMING, line_of, own_abilities
from providers.client import close
from providers.doctor import Step, examine
from providers.ledger import Entry, enter
from providers.local import stop_local
from providers.models import Model, Provider
from providers.offer import NAMES
from providers.routes import Routes, resolve


@dataclass(frozen=True, slots=True)
class Checkup:
    """What is examined, and on whose account; `model` is the row that the result is kept with."""

    user_id: int | None
    provider: Provider
    routes: Routes
    model_id: str
    model: Model | None

    @classmethod
    def of(cls, provider: Provider, model_id: str, user_id: int | None) -> Self:
        """Of the model of that id, also one that is for something else than chat; without an id of
        the first that is offered."""
        offered = Model.objects.offered().filter(provider=provider)
        found = (offered.filter(model_id=model_id) if model_id else offered.for_chat()).first()
        name = model_id or (found.model_id if found else "")
        return cls(user_id, provider, Routes.to_provider(provider), name, found)


async def check(checkup: Checkup) -> AsyncGenerator[Step, None]:
    """The steps over the first route; at the end they are stored with the model. What was called
    is entered in the ledger, also when nobody waits for the end.

    UpstreamError if the stored key cannot be opened or the embedded model cannot start. Leave the
    loop early only inside `contextlib.aclosing`.
    """
    steps: list[Step] = []
    calls: list[Entry] = []
    endpoint = (await resolve(checkup.routes))[0]
    try:
        async with aclosing(examine(endpoint, checkup.model_id, calls)) as examined:
            async for step in examined:
                steps.append(step)
                yield step
    finally:
        await sync_to_async(_enter, thread_sensitive=False)(checkup, calls)
    if checkup.model:
        await sync_to_async(keep, thread_sensitive=False)(checkup.model, steps)


async def check_alone(checkup: Checkup) -> AsyncGenerator[Step, None]:
    """`check` in a loop of its own, whose connections go with it."""
    try:
        async with aclosing(check(checkup)) as checked:
            async for step in checked:
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


def _enter(checkup: Checkup, calls: Sequence[Entry]) -> None:
    for entry in calls:
        known = Model.objects.filter(provider=checkup.provider, model_id=entry.model_id).first()
        enter(checkup.user_id, known, entry)


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
