"""Two processes of the site on one Postgres and one Redis, and the service that they ask."""

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.faults import servers
from tests.faults.servers import Server, free_port
from tests.faults.visitor import NAME, PASSWORD, Visitor
from tests.faults.words import MODEL, words
from tests.site import Site


@dataclass
class Pair:
    """`first` and `second` are the same site; `variables` start one more of it."""

    first: Site
    second: Site
    postgres: Server
    redis: Server
    upstream_port: int
    variables: dict[str, str]


def variables_for(upstream_port: int) -> dict[str, str]:
    return {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{upstream_port}/v1",
        "OPENAI_MODEL": MODEL,
        "DJANGO_SUPERUSER_USERNAME": NAME,
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("pair")
    with ExitStack() as stack:
        postgres, database_url = stack.enter_context(servers.postgres())
        redis, redis_url = stack.enter_context(servers.redis())
        port = free_port()
        variables = {
            **variables_for(port),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "one secret for both processes: 0123456789 abcdefghij",
            "ENCRYPTION_KEYS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
        }
        first, second = (
            stack.enter_context(site.running(folder / name, **variables)) for name in "ab"
        )
        yield Pair(first, second, postgres, redis, port, variables)


@pytest.fixture
async def upstream(pair: Pair) -> AsyncIterator[Upstream]:
    async with Upstream(words, pair.upstream_port) as running:
        yield running


@pytest.fixture
async def ada(pair: Pair) -> AsyncIterator[Visitor]:
    """The administrator of the pair, logged in."""
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        visitor = Visitor(http)
        await visitor.log_in(pair.first.url)
        yield visitor
