"""The lists of models, kept fresh while the server runs."""

import asyncio
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connection
from django.utils import timezone

from providers import catalogue
from providers.endpoint import Endpoint
from providers.errors import UpstreamError
from providers.freshness import claim, note_failed
from providers.models import Provider
from providers.secrets import KeyRingError

logger = logging.getLogger(__name__)

EVERY_S = 600.0
# The first pages go first.
FIRST_S = 30.0

P = ParamSpec("P")
R = TypeVar("R")


async def keep_refreshing() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    await asyncio.sleep(FIRST_S)
    while True:
        try:
            await refresh_due()
        except Exception:
            # Whatever it is, the lists are there still and the next look may do better.
            logger.exception("refreshing the lists of models failed")
        await asyncio.sleep(EVERY_S)


async def refresh_due() -> None:
    """Fetch each list that is older than a day, or whose last failure is long enough ago.

    What waits for a service waits on the loop, so that a server that stops need not wait for it.
    """
    for provider in await _in_thread(_due):
        if endpoints := await _in_thread(_claimed, provider):
            await _refresh(provider, endpoints)


async def _refresh(provider: Provider, endpoints: list[Endpoint]) -> None:
    try:
        infos = await catalogue.fetch(endpoints)
    except UpstreamError as error:
        logger.warning("the models of a provider could not be fetched: %s", error.kind)
        await _in_thread(note_failed, provider, error)
    else:
        await _in_thread(catalogue.store, provider, infos)


def _due() -> list[Provider]:
    found = Provider.objects.due(timezone.now()).order_by("list_due_at")
    return [provider for provider in found if provider.lists_models]


def _claimed(provider: Provider) -> list[Endpoint]:
    """Nothing if another process was faster, or if a key cannot be opened."""
    if not claim(provider):
        return []
    try:
        return catalogue.endpoints(provider)
    except KeyRingError as error:
        note_failed(provider, error)
        return []


async def _in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    def call() -> R:
        try:
            return work(*args, **kwargs)
        finally:
            # Of a thread that is anybody's: the next look may be hours away.
            connection.close()

    return await asyncio.to_thread(call)
