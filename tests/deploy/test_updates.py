"""A new version takes the place of the old, one process after the other, while people are there."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from providers.fakeupstream.server import Upstream
from tests import site
from tests.deploy.conftest import NAME, nginx
from tests.extent import extent
from tests.faults import visitor
from tests.faults.conftest import variables_for
from tests.faults.servers import free_port
from tests.faults.visitor import CSRF, Asked
from tests.faults.words import words
from tests.site import ROOT, Site

pytestmark = [pytest.mark.nginx, pytest.mark.servers]

CODE = ("chatsite", "conversations", "providers", "templates", "static", "locale", "manage.py")
STATIC = re.compile(r'"(/static/[^"]+)"')
DRAIN_S = extent(15, 3)


class Guest(visitor.Visitor):
    """Whatever the address, the site is called by its published name."""

    cookie = "__Host-sessionid"

    def headers(self, url: str) -> dict[str, str]:
        home = f"https://{NAME}"
        cookies = f"{self.cookie}={self.session}; __Host-csrftoken={CSRF}"
        named = {"Host": NAME, "Origin": home, "Referer": f"{home}/", "Cookie": cookies}
        return {**named, "X-CSRFToken": CSRF, "HX-Request": "true"}


@dataclass
class Seen:
    """What the site answered through its proxy: statuses, and which of its files were asked for."""

    pages: set[int] = field(default_factory=set)
    files: dict[str, int] = field(default_factory=dict)
    posts: set[int] = field(default_factory=set)


@pytest.mark.thorough
async def test_one_process_after_the_other_it_breaks_no_page(tmp_path: Path) -> None:
    variables = {**variables_for(port := free_port()), "DRAIN_SECONDS": str(DRAIN_S)}
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Upstream(words, port))
        sites, address = await stack.enter_async_context(
            site.in_thread(_published(tmp_path, variables))
        )
        guest = await stack.enter_async_context(_logged_in(sites.old[0]))
        seen, over = Seen(), asyncio.Event()
        using = asyncio.create_task(_use(guest, address, seen, over))
        for number in range(2):
            # Something is being written there, so that it takes its time to end.
            await guest.ask(sites.old[number].url, "3000 words 20 ms apart")
            await asyncio.to_thread(sites.renew, number)
        over.set()
        await using
    assert (seen.pages, set(seen.files.values()), seen.posts) == ({200}, {200}, {200})
    assert len([name for name in seen.files if "/chat." in name]) == 2


async def _use(guest: Guest, url: str, seen: Seen, over: asyncio.Event) -> None:
    while not over.is_set():
        await _look(guest, url, seen)
        asked = await guest.ask(url, "1 words 1 ms apart")
        assert await guest.until_ended(url, asked) == "complete"
        seen.posts.add(await _retry(guest, url, asked))


async def _look(guest: Guest, url: str, seen: Seen) -> None:
    status, page = await _get(guest, url)
    seen.pages.add(status)
    for name in STATIC.findall(page):
        found, _ = await _get(guest, url + name[1:])
        # Whoever answered once may not be the one who is asked again.
        seen.files[name] = max(found, seen.files.get(name, 0))


async def _get(guest: Guest, address: str) -> tuple[int, str]:
    async with guest.http.get(address, headers=guest.headers("")) as answer:
        return answer.status, (await answer.read()).decode(errors="replace")


async def _retry(guest: Guest, url: str, asked: Asked) -> int:
    address = f"{url}m/{asked.answer}/retry/"
    async with guest.http.post(address, headers=guest.headers("")) as answer:
        return answer.status


@dataclass
class Sites:
    """Two processes of the old version, which `renew` replaces where they are."""

    folder: Path
    variables: dict[str, str]
    stack: ExitStack
    ports: list[int]
    old: list[Site] = field(default_factory=list)

    def start(self, number: int, root: Path) -> Site:
        port, log = str(self.ports[number]), self.folder / f"{root.name}{number}"
        running = site.running(log, "--port", port, root=str(root), **self.variables)
        return self.stack.enter_context(running)

    def renew(self, number: int) -> None:
        self.old[number].stop()
        self.start(number, self.folder / "new")


@contextmanager
def _published(folder: Path, variables: dict[str, str]) -> Iterator[tuple[Sites, str]]:
    """The processes, and the address of the proxy before them."""
    _copy_changed(folder / "new")
    with ExitStack() as stack:
        _server, database = stack.enter_context(site.postgres())
        published = {"CSRF_TRUSTED_ORIGINS": f"https://{NAME}", "DATA_DIR": str(folder)}
        ports = [free_port(), free_port()]
        all_of_it = {**variables, **published, "DATABASE_URL": database}
        sites = Sites(folder, all_of_it, stack, ports)
        sites.old = [sites.start(number, ROOT) for number in range(2)]
        _plain, secure = stack.enter_context(nginx(folder, list(map(str, ports))))
        yield sites, f"https://127.0.0.1:{secure}/"


def _copy_changed(folder: Path) -> None:
    """The next version: another script, and with that other names."""
    folder.mkdir()
    for name in CODE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    with (folder / "static" / "js" / "chat.js").open("a", encoding="utf-8") as script:
        script.write("void 0;\n")


@asynccontextmanager
async def _logged_in(running: Site) -> AsyncIterator[Guest]:
    connector = aiohttp.TCPConnector(ssl=False)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        guest = Guest(http)
        await guest.log_in(running.url)
        yield guest
