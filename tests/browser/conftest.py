"""A real site, a scripted service and a real Chromium for the journeys."""

import asyncio
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests import site
from tests.browser.visitor import Visitor
from tests.conftest import chromium
from tests.people import PASSWORD

RESULTS = site.ROOT / "test-results"
# With each window the browser makes a page of its own beside the journey's, which costs as much;
# the others are what Playwright switches off, and this list takes the place of its own.
_FEATURES = (
    "PreloadTopChromeWebUI",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "PaintHolding",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "PreconnectToSearch",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    f"--disable-features={','.join(_FEATURES)}",
]

Visit = Callable[..., Awaitable[Visitor]]


@dataclass(frozen=True)
class Service:
    """The scripted service that the site asks; the model's name says what it does."""

    base_url: str

    def journal(self) -> list[dict[str, Any]]:
        """The chats that were asked of it, oldest first."""
        with urllib.request.urlopen(f"{self.base_url}/journal") as response:
            rows = json.load(response)
        return [row for row in rows if row["path"].endswith("/chat/completions")]

    async def was_left(self) -> bool:
        """Whether whoever asked last closes the connection before the end, within some seconds."""
        for _ in range(50):
            if self.journal()[-1]["disconnected"]:
                return True
            await asyncio.sleep(0.1)
        return False

    def release(self) -> None:
        """The answers of `held` models that are being written may end."""
        urllib.request.urlopen(f"{self.base_url}/release").close()


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    command = [sys.executable, "-m", "tests.upstream", "--port", "0"]
    process = subprocess.Popen(command, cwd=site.ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield Service(process.stdout.readline().strip())
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Iterator[site.Site]:
    """The site, with Ada, who administers it, and Sam, who does not."""
    data = tmp_path_factory.mktemp("site")
    with site.running(
        data,
        OPENAI_BASE_URL=service.base_url,
        OPENAI_API_KEY="sk-scripted",
        ALLOWED_PRIVATE_UPSTREAMS="127.0.0.1",
        DJANGO_SUPERUSER_USERNAME="ada",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    ) as running:
        _make_sam(data)
        yield running


@pytest.fixture(scope="session")
def sessions(home: site.Site) -> dict[str, str]:
    """The session cookie of each, from one real log-in."""
    return {name: _log_in(home.url, name) for name in ("ada", "sam")}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started() -> AsyncIterator[Browser]:
    """One for all journeys: to start one takes as long as a journey."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(started: Browser) -> AsyncIterator[Browser]:
    """Without any context of the journey before."""
    yield started
    for context in started.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    browser: Browser, home: site.Site, sessions: dict[str, str], request: pytest.FixtureRequest
) -> AsyncIterator[Visit]:
    """Opens the site as somebody, in a browser context of their own. Nobody has left anything
    in the composer: that is kept for them, whichever journey it was."""
    for session in sessions.values():
        _forget_draft(home.url, session)
    visitors: list[Visitor] = []

    async def open_as(name: str = "ada", path: str = "", **options: Any) -> Visitor:
        context = await browser.new_context(**{"locale": "en-US", **options})
        if name:
            cookie = {"name": "sessionid", "value": sessions[name], "url": home.url}
            await context.add_cookies([cookie])  # type: ignore[list-item]
        visitor = await Visitor.arrive(context, home.url, path)
        visitors.append(visitor)
        return visitor

    yield open_as
    # Before the screenshots: taking one puts a style into the page, which the policy refuses.
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    if request.node.stash.get(FAILED, False):
        RESULTS.mkdir(exist_ok=True)
        for number, visitor in enumerate(visitors):
            await visitor.page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png")
    assert complaints == []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys are on the loop that the browser is on."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def _make_sam(data: Path) -> None:
    script = "import sys; from chatsite.models import User;"
    script += f"User.objects.create_user('sam', password={PASSWORD!r})"
    environment = {**os.environ, "DATA_DIR": str(data), "LOCAL_MODEL": "0"}
    environment["DJANGO_SETTINGS_MODULE"] = "chatsite.settings"
    command = [sys.executable, "manage.py", "shell", "-c", script]
    subprocess.run(command, cwd=site.ROOT, env=environment, check=True, capture_output=True)


def _forget_draft(url: str, session: str) -> None:
    token = "t" * 32
    cookies = {"sessionid": session, "csrftoken": token}
    with httpx.Client(base_url=url, cookies=cookies, trust_env=False, verify=False) as client:  # noqa: S501 - http
        fields = {"text": "", "send_id": str(uuid4()), "csrfmiddlewaretoken": token}
        response = client.post("c/draft/", data=fields, headers={"Origin": url.rstrip("/")})
        assert response.status_code == 204, response.text


def _log_in(url: str, name: str) -> str:
    with httpx.Client(base_url=url, follow_redirects=False, trust_env=False) as client:
        client.get("accounts/login/")
        fields = {
            "username": name,
            "password": PASSWORD,
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        response = client.post("accounts/login/", data=fields, headers={"Origin": url.rstrip("/")})
        assert response.status_code == 302, response.text
        return client.cookies["sessionid"]
