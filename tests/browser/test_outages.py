"""Postgres or Redis goes away and comes back, under open pages at two processes."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests import site
from tests.browser.conftest import Service
from tests.browser.visitor import Visitor
from tests.extent import extent
from tests.faults import servers
from tests.faults.proxy import Proxy
from tests.faults.servers import Server
from tests.member import ADA
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.servers]

AWAY_S = extent(10, 2)
WORDS = extent(240, 100)
MODEL = f"slow-{WORDS}x50"
COUNTED = [f"word{number}" for number in range(WORDS)]

Absence = Callable[[Server], AbstractContextManager[None]]
HOW = pytest.mark.parametrize(
    "how",
    [Server.away, pytest.param(Server.paused, marks=pytest.mark.thorough)],
    ids=["stopped", "paused"],
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One site at two addresses."""

    first: str
    second: str
    postgres: Server
    redis: Server


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Iterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("pair")
    with ExitStack() as stack:
        postgres, database_url = stack.enter_context(site.postgres())
        redis, redis_url = stack.enter_context(servers.redis())
        variables = {
            **ADA,
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "OPENAI_BASE_URL": service.base_url,
            "OPENAI_MODEL": MODEL,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "one secret for both processes: 0123456789 abcdefghij",
            "ENCRYPTION_KEYS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
        }
        first, second = (
            stack.enter_context(site.running(folder / name, **variables)) for name in "ab"
        )
        yield Pair(first.url, second.url, postgres, redis)


@asynccontextmanager
async def watched(browser: Browser, pair: Pair) -> AsyncIterator[list[Visitor]]:
    """A page at each process, with an answer that the first one writes; after the block each
    gets the whole of it, without a reload, and none has complained."""
    context = await browser.new_context(locale="en-US")
    ada = await Visitor.arrive(context, pair.first, "")
    await ada.log_in("ada")
    await ada.ask("Count", MODEL)
    await expect(ada.answers.last).to_contain_text("word3 ")
    pages = [ada, await Visitor.arrive(context, pair.second, await ada.path())]
    await expect(pages[1].answers.last).to_contain_text("word6 ")
    yield pages
    for each in pages:
        await each.answer()
        assert (await each.prose()).split() == COUNTED
        assert each.complaints == []


@pytest.mark.thorough
@HOW
async def test_without_redis_for_a_while_no_page_lacks_a_word(
    browser: Browser, pair: Pair, how: Absence
) -> None:
    async with watched(browser, pair), site.in_thread(how(pair.redis)):
        await asyncio.sleep(AWAY_S)


@pytest.mark.thorough
@HOW
async def test_without_postgres_for_a_while_pages_say_so_and_come_back(
    browser: Browser, pair: Pair, how: Absence
) -> None:
    async with watched(browser, pair) as pages, Proxy(pair.first) as network:
        late = await Visitor.arrive(pages[0].context, network.url, await pages[0].path())
        await expect(late.answers.last).to_contain_text("word9 ")
        async with site.in_thread(how(pair.postgres)):
            network.cut()
            await expect(late.page.get_by_text("The connection is lost.")).to_be_visible()
            await asyncio.sleep(AWAY_S)
        await late.answer()
        assert (await late.prose()).split() == COUNTED
        await expect(late.page.get_by_text("The connection is lost.")).to_be_hidden()


@pytest.mark.thorough
async def test_a_question_that_postgres_does_not_take_stays_until_it_does(
    browser: Browser, pair: Pair
) -> None:
    ada = await Visitor.arrive(await browser.new_context(locale="en-US"), pair.first, "")
    await ada.log_in("ada")
    async with site.in_thread(pair.postgres.away()):
        await ada.ask("Keep me", "echo")
        await expect(ada.page.get_by_role("alert")).to_contain_text("The server failed")
        await expect(ada.message).to_have_value("Keep me")
    await ada.page.get_by_role("button", name="Try again").click()
    await expect(await ada.answer()).to_contain_text("Keep me")
    await expect(ada.questions).to_have_count(1)
    ada.forgive("503 POST")
