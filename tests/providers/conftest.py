"""A scripted service for tests that are not asynchronous themselves."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from providers.models import Provider
from tests.upstream import Upstream

PATIENCE_S = 10


@pytest.fixture
def service() -> Iterator[Upstream]:
    """Served from a thread, since the test's own thread waits for the code under test."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    upstream = Upstream()
    asyncio.run_coroutine_threadsafe(upstream.__aenter__(), loop).result(PATIENCE_S)
    yield upstream
    asyncio.run_coroutine_threadsafe(upstream.__aexit__(), loop).result(PATIENCE_S)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def provider(db: None, service: Upstream) -> Provider:
    """A site-wide provider at the scripted service."""
    return Provider.objects.create(name="Scripted", base_url=service.base_url)
