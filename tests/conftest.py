"""What every test has: this machine alone, the people, and a word about what was left out."""

import os
import shutil
import signal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from chatsite import announcements
from chatsite.models import User
from conversations import allowed
from tests import network, once, people
from tests.extent import IS_FULL
from tests.faults import servers
from tests.sequence import by_turns

network.stay_here()
# Before there are workers, which inherit it.
assert once.FOLDER
# Whatever starts tests in the background may have had them ignore Ctrl-C, which some are about.
signal.signal(signal.SIGINT, signal.default_int_handler)

LEFT_OUT = pytest.StashKey[dict[str, int]]()


def chromium() -> str | None:
    """The browser of this machine; the tests download none. Without its windows, which nobody
    sees here, it takes a third less of the machine."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)


def postgres_and_redis() -> bool:
    return all(map(servers.program, ("postgres", "redis-server")))


def nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


NEEDS = {"browser": chromium, "nginx": nginx, "servers": postgres_and_redis}
PROGRAMS = {"browser": "chromium", "nginx": "nginx", "servers": "postgres and redis-server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs a program that this machine has not is left out, and the last lines say so. In
    CI it runs, and fails, since nobody reads the last lines there."""
    missing = [] if os.environ.get("CI") else [mark for mark, has in NEEDS.items() if not has()]
    left = _left_out(config, items, missing)
    config.stash[LEFT_OUT] = {
        mark: sum(item.get_closest_marker(mark) is not None for item in left) for mark in missing
    }
    if not IS_FULL:
        _left_out(config, items, ["thorough"])
    items[:] = by_turns(items)


def _left_out(
    config: pytest.Config, items: list[pytest.Item], marks: list[str]
) -> list[pytest.Item]:
    """Those with one of the marks, which are not run."""
    left = [item for item in items if any(map(item.get_closest_marker, marks))]
    if left:
        items[:] = [item for item in items if not any(map(item.get_closest_marker, marks))]
        config.hook.pytest_deselected(items=left)
    return left


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Of tests that run side by side, the one that prints the last lines has collected none."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", {})


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for mark, count in config.stash.get(LEFT_OUT, {}).items():
        terminalreporter.section("left out")
        terminalreporter.line(
            f"{count} {mark} tests were left out: this machine has no {PROGRAMS[mark]}."
        )


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A request in another language leaves its thread in that."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def remembered_of_nobody() -> None:
    """What a process keeps for a while would be of users and rows of the test before; and that
    nothing is announced is known, so that no page of another test asks for it."""
    allowed.forget_all()
    announcements.remember([])


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
