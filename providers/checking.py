"""An examination of a provider, kept as the capability card of the model that was asked."""

from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from providers.client import close
from providers.doctor import STREAMING, Step, examine
from providers.local import stop_local
from providers.models import Model
from providers.offer import NAMES
from providers.routes import Routes, resolve


async def check(routes: Routes, model_id: str, model: Model | None) -> AsyncGenerator[Step, None]:
    """The steps over the first route; at the end they are stored with the model.

    UpstreamError if the stored key cannot be opened or the embedded model cannot start.
    """
    steps: list[Step] = []
    endpoint = (await resolve(routes))[0]
    async for step in examine(endpoint, model_id):
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
    seen = {can: True for step in steps for can in step.finding.can if can in NAMES}
    card = [_line(step) for step in steps]
    Model.objects.filter(pk=model.pk).update(
        card=card, checked_at=timezone.now(), capabilities={**model.capabilities, **seen}
    )


def is_good(steps: list[Step]) -> bool:
    """Whether a chat can be had, as the page has it: word by word."""
    return any(STREAMING in step.finding.can for step in steps)


def _line(step: Step) -> dict[str, Any]:
    told = asdict(step.finding)
    return {"name": step.name, "seconds": round(step.seconds, 3), **told}
