"""Servers that others wrote, for as long as their tests run."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from providers.client import close
from providers.endpoint import Endpoint
from tests.foreign import servers

HERE = Path(__file__).parent
LEFT_OUT = pytest.StashKey[list[pytest.Item]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without the servers their tests are left out, and the last lines say so. In CI they run,
    and fail."""
    own = [item for item in items if item.path.is_relative_to(HERE)]
    config.stash[LEFT_OUT] = [] if servers.installed() or os.environ.get("CI") else own
    if left_out := config.stash[LEFT_OUT]:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if left_out := config.stash.get(LEFT_OUT, []):
        terminalreporter.section("left out")
        terminalreporter.line(
            f"{len(left_out)} tests with the servers of others were left out: "
            "`make foreign` installs them."
        )


@pytest.fixture(scope="session")
def katan_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.llm_katan(tmp_path_factory.mktemp("katan")) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def llmock_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.llmock(tmp_path_factory.mktemp("llmock")) as base_url:
        yield base_url


@pytest.fixture
async def katan(katan_url: str) -> AsyncIterator[Endpoint]:
    yield Endpoint(katan_url, servers.KEY)
    await close()


@pytest.fixture
async def llmock(llmock_url: str) -> AsyncIterator[Endpoint]:
    yield Endpoint(llmock_url, servers.KEY)
    await close()


@pytest.fixture
async def breaking_llmock(
    tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Endpoint]:
    """One whose streams all break in the way that the test is parametrised with."""
    with servers.llmock(tmp_path, "--stream-fault", f"{request.param}=1") as base_url:
        yield Endpoint(base_url, servers.KEY)
        await close()
