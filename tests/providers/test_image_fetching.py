"""Images behind addresses, over real TCP: whom a service can make this site ask."""

from collections.abc import AsyncIterator

import pytest

from providers import client
from providers.endpoint import Endpoint, Guard, TimeLimits
from providers.errors import ErrorKind, UpstreamError
from providers.image_fetching import fetch_image
from providers.media import Image
from providers.netguard import guard_allowing
from tests import upstream as wire
from tests.upstream import Upstream

KEY = "sk-canary-0123456789"
PNG = b"\x89PNG\r\n\x1a\n"
SHORT = TimeLimits(connect=0.2, first_byte=0.2, idle=0.2, total=2)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream() as running:
        yield running
        await client.close()


def at(upstream: Upstream, guard: Guard | None = None, proxy: str = "") -> Endpoint:
    return Endpoint(upstream.base_url, KEY, limits=SHORT, guard=guard, proxy=proxy)


async def failure(endpoint: Endpoint, url: str) -> UpstreamError:
    with pytest.raises(UpstreamError) as raised:
        await fetch_image(endpoint, Image(url=url))
    return raised.value


async def test_an_image_is_fetched_without_the_key_and_as_it_is_called(upstream: Upstream) -> None:
    upstream.script(wire.response(200, "binary/octet-stream", PNG))
    image = Image(url=f"{upstream.base_url}/a%20b.png?sig=a%2Bb%3D&c=d#e", revised_prompt="cat")
    fetched = await fetch_image(at(upstream), image)
    assert fetched == Image(PNG, image.url, "cat")
    assert upstream.journal[0].path == "/v1/a%20b.png?sig=a%2Bb%3D&c=d"
    assert "authorization" not in upstream.journal[0].headers


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "0x7f000001"])
async def test_an_image_at_another_place_of_this_network_is_not_fetched(
    upstream: Upstream, host: str
) -> None:
    error = await failure(at(upstream), f"{upstream.base_url.replace('127.0.0.1', host)}/1.png")
    assert "leads into a network of this machine" in error.detail
    assert upstream.connections == 0


async def test_a_guard_that_the_endpoint_has_holds_for_its_images_too(upstream: Upstream) -> None:
    guard = guard_allowing(["127.0.0.2"])
    await failure(at(upstream, guard), f"{upstream.base_url}/1.png")
    assert upstream.connections == 0


@pytest.mark.parametrize(
    "url", ["http://[", "http://", "https:///a", "http://a b.test/c", "http://:x"]
)
async def test_an_address_that_is_none_is_an_error(url: str) -> None:
    here = Endpoint("http://127.0.0.1:1/v1", KEY, limits=SHORT)
    error = await failure(here, url)
    await client.close()
    assert not error.kind.is_retryable or error.kind == ErrorKind.UNREACHABLE


async def test_a_redirect_is_not_followed(upstream: Upstream) -> None:
    location = f"location: {upstream.base_url}/2.png\r\n"
    upstream.script(f"HTTP/1.1 302 X\r\n{location}content-length: 0\r\n\r\n".encode())
    assert (await failure(at(upstream), f"{upstream.base_url}/1.png")).status == 302
    assert len(upstream.journal) == 1


async def test_a_proxy_is_asked_for_images_too(upstream: Upstream) -> None:
    upstream.script(wire.response(200, "image/png", PNG))
    proxy = upstream.base_url.removesuffix("/v1")
    image = Image(url="http://elsewhere.invalid/1.png")
    assert (await fetch_image(at(upstream, proxy=proxy), image)).data == PNG
    assert upstream.journal[0].path == "http://elsewhere.invalid/1.png"
