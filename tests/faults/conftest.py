"""Two processes of the site on one Postgres and one Redis, and the service that they ask."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from conversations.hints import RETRY_S
from providers.fakeupstream.server import Upstream
from tests import site
from tests.faults import servers
from tests.faults.leftovers import descriptors, nothing_is_left
from tests.faults.servers import Server, free_port
from tests.faults.visitor import NAME, PASSWORD, Visitor
from tests.faults.words import MODEL, words
from tests.site import Site

# Of threads that came to be since, and their connections to the database.
SPARE_DESCRIPTORS = 40


@dataclass
class Pair:
    """`first` and `second` are the same site; `variables` start one more of it."""

    first: Site
    second: Site
    postgres: Server
    redis: Server
    upstream_port: int
    variables: dict[str, str]

    @contextmanager
    def without_redis(self) -> Iterator[None]:
        """Afterwards both have found it again."""
        with self.redis.away():
            yield
        time.sleep(2 * RETRY_S)


@dataclass
class Single:
    """One process with its SQLite file."""

    site: Site
    upstream_port: int
    folder: Path


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
        postgres, database_url = stack.enter_context(site.postgres())
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


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Single]:
    folder, port = tmp_path_factory.mktemp("single"), free_port()
    with site.running(folder, **variables_for(port)) as running:
        yield Single(running, port, folder)


@pytest.fixture
async def upstream(pair: Pair) -> AsyncIterator[Upstream]:
    async with Upstream(words, pair.upstream_port) as running:
        yield running


@pytest.fixture
async def service(single: Single) -> AsyncIterator[Upstream]:
    async with Upstream(words, single.upstream_port) as running:
        yield running


@pytest.fixture
async def olga(single: Single, service: Upstream) -> AsyncIterator[Visitor]:
    """At the single process; when she has gone, that holds nothing of hers any more."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor = Visitor(http)
        await visitor.log_in(single.site.url)
        before = descriptors(single.site)
        yield visitor
    assert await asyncio.to_thread(nothing_is_left, single.site, single.upstream_port)
    assert descriptors(single.site) <= before + SPARE_DESCRIPTORS


@pytest.fixture
async def ada(pair: Pair) -> AsyncIterator[Visitor]:
    """At the pair; when she has gone, neither holds anything of hers any more."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        visitor = Visitor(http)
        await visitor.log_in(pair.first.url)
        yield visitor
    for each in (pair.first, pair.second):
        assert await asyncio.to_thread(nothing_is_left, each, pair.upstream_port)
