"""The lists that the server keeps fresh, against a scripted service over real TCP."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from django.utils import timezone

from providers import client
from providers.models import Key, Model, Provider
from providers.refreshing import keep_refreshing, refresh_due
from tests.extent import bound
from tests.upstream import HANG, Upstream, error, models

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await client.close()


@pytest.fixture
async def due(upstream: Upstream) -> Provider:
    """A provider whose list was never fetched."""
    return await Provider.objects.acreate(name="Scripted", base_url=upstream.base_url)


async def test_a_list_that_is_due_is_fetched(upstream: Upstream, due: Provider) -> None:
    upstream.script(models("one"))
    await refresh_due()
    assert (await Model.objects.aget()).model_id == "one"
    await due.arefresh_from_db()
    assert due.listed_at is not None


async def test_a_fresh_list_is_left_alone(upstream: Upstream, due: Provider) -> None:
    upstream.script(models("one"))
    for _look in range(2):
        await refresh_due()
    assert len(upstream.journal) == 1


async def test_two_servers_that_look_at_once_fetch_once(upstream: Upstream, due: Provider) -> None:
    upstream.script(0.1, models("one"))
    await asyncio.gather(refresh_due(), refresh_due())
    assert len(upstream.journal) == 1


async def test_a_failure_is_kept_and_not_repeated_at_once(
    upstream: Upstream, due: Provider
) -> None:
    upstream.script(error(401, "who are you"))
    for _look in range(2):
        await refresh_due()
    await due.arefresh_from_db()
    assert (due.list_error["kind"], due.list_failures, due.listed_at) == ("auth", 1, None)
    assert len(upstream.journal) == 1


async def test_one_failure_does_not_hold_up_the_others(upstream: Upstream, due: Provider) -> None:
    await Key.objects.acreate(provider=due, sealed=b"of another ring")
    later = timezone.now()
    await Provider.objects.acreate(name="B", base_url=upstream.base_url, list_due_at=later)
    upstream.script(models("one"))
    await refresh_due()
    assert (await Model.objects.select_related("provider").aget()).provider.name == "B"


async def test_a_service_that_lists_nothing_to_ask_is_left_alone(
    upstream: Upstream, due: Provider
) -> None:
    azure = "https://mine.openai.azure.com/openai/v1"
    await Provider.objects.aupdate(base_url=azure, proxy=upstream.base_url.removesuffix("/v1"))
    await refresh_due()
    assert upstream.journal == []


async def test_a_server_that_stops_does_not_wait_for_a_service(
    upstream: Upstream, due: Provider
) -> None:
    upstream.script(HANG)
    looking = asyncio.create_task(refresh_due())
    while not upstream.journal:
        await asyncio.sleep(0.01)
    began = time.monotonic()
    looking.cancel()
    await asyncio.wait([looking])
    assert time.monotonic() - began < bound(1)


async def test_the_start_of_a_server_comes_before_the_lists(
    upstream: Upstream, due: Provider
) -> None:
    keeping = asyncio.create_task(keep_refreshing())
    await asyncio.sleep(0.1)
    keeping.cancel()
    assert upstream.journal == []
