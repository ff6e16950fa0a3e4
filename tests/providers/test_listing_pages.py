"""The list of a service's models over several pages, and how it is asked for, over real TCP."""

import json
from collections.abc import AsyncIterator
from itertools import count

import pytest

from providers import client
from providers.client import MOST_PAGES, list_models
from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from tests import upstream as wire
from tests.upstream import Upstream

KEY = "sk-canary-0123456789"


def page(*ids: str, goes_on: bool = True) -> bytes:
    told = {"data": [{"id": each} for each in ids], "has_more": goes_on, "last_id": ids[-1]}
    return wire.response(200, "application/json", json.dumps(told).encode())


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await client.close()


async def ids_at(upstream: Upstream) -> list[str]:
    return [info.id for info in await list_models(Endpoint(upstream.base_url, KEY))]


async def test_a_list_is_read_to_its_last_page(upstream: Upstream) -> None:
    upstream.script(page("a", "b&1"))
    upstream.script(page("c", goes_on=False))
    assert await ids_at(upstream) == ["a", "b&1", "c"]
    paths = [received.path for received in upstream.journal]
    assert paths == ["/v1/models", "/v1/models?after_id=b%261"]


async def test_a_service_that_begins_again_each_time_has_told_all(upstream: Upstream) -> None:
    for _each in range(2):
        upstream.script(page("a", "b"))
    assert await ids_at(upstream) == ["a", "b"]


async def test_half_a_list_is_no_list(upstream: Upstream) -> None:
    upstream.script(page("a"))
    upstream.script(wire.error(500, "out of order"))
    with pytest.raises(UpstreamError):
        await ids_at(upstream)


async def test_a_list_without_an_end_is_given_up() -> None:
    numbers = count()
    async with Upstream(lambda _received: [page(f"m{next(numbers)}")]) as endless:
        with pytest.raises(UpstreamError, match="without an end") as raised:
            await ids_at(endless)
        await client.close()
    assert raised.value.kind == ErrorKind.PROTOCOL
    assert len(endless.journal) == MOST_PAGES


async def asked_of(base_url: str, upstream: Upstream, key: str = KEY) -> dict[str, str]:
    """The headers of the request, of which a proxy that is the service hears."""
    upstream.script(wire.models("m"))
    proxy = upstream.base_url.removesuffix("/v1")
    await list_models(Endpoint(base_url, key, proxy=proxy))
    return upstream.journal[-1].headers


async def test_a_service_is_asked_with_the_headers_that_its_list_wants(upstream: Upstream) -> None:
    headers = await asked_of("http://api.anthropic.com/v1", upstream)
    assert (headers["x-api-key"], headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert "authorization" not in headers


async def test_other_services_are_shown_the_key_as_ever(upstream: Upstream) -> None:
    headers = await asked_of("http://api.openai.com/v1", upstream)
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in headers


async def test_without_a_key_no_header_pretends_to_one(upstream: Upstream) -> None:
    assert "x-api-key" not in await asked_of("http://api.anthropic.com/v1", upstream, "")
