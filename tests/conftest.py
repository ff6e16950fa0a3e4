"""What every test has: this machine alone, the people, and a word about what was left out."""

import os
import shutil

import pytest
from django.test import Client
from django.utils import translation

from chatsite.models import User
from tests import network, people

network.stay_here()

LEFT_OUT = pytest.StashKey[list[pytest.Item]]()


def chromium() -> str | None:
    """The browser of this machine; the tests download none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser its tests are left out, and the last lines say so. In CI they run, and
    fail, since nobody reads the last lines there."""
    config.stash[LEFT_OUT] = []
    if chromium() or os.environ.get("CI"):
        return
    config.stash[LEFT_OUT] = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if not item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=config.stash[LEFT_OUT])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if left_out := config.stash.get(LEFT_OUT, []):
        terminalreporter.section("left out")
        terminalreporter.line(
            f"{len(left_out)} browser tests were left out: this machine has no chromium."
        )


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A request in another language leaves its thread in that."""
    translation.activate("en")


@pytest.fixture
def olivia(db: None) -> User:
    return people.olivia()


@pytest.fixture
def sam(db: None) -> User:
    return people.sam()


@pytest.fixture
def ada(db: None) -> User:
    return people.ada()


@pytest.fixture
def as_olivia(olivia: User) -> Client:
    return _client_of(olivia)


@pytest.fixture
def as_sam(sam: User) -> Client:
    return _client_of(sam)


@pytest.fixture
def as_ada(ada: User) -> Client:
    return _client_of(ada)


def _client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
