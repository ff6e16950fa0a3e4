"""The answer to a question that was stored gets lost on its way to the page."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests import site
from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor
from tests.faults.proxy import Proxy

pytestmark = pytest.mark.browser

# Bytes of the answer: none, a part of its head, a part of its body.
PARTS = pytest.mark.parametrize("arrived", [0, 40, 1500])


@pytest_asyncio.fixture(loop_scope="session")
async def network(home: site.Site) -> AsyncIterator[Proxy]:
    async with Proxy(home.url) as proxy:
        yield proxy


@PARTS
async def test_a_first_question_is_asked_once_and_its_text_is_not_lost(
    visit: Visit, network: Proxy, service: Service, arrived: int
) -> None:
    ada = await Visitor.arrive((await visit()).context, network.url, "")
    text = f"The first of {arrived}"
    network.lose(b"POST /c/ ", arrived)
    await ada.ask(text, "echo")
    await _sent_again_where_it_was_lost(ada, text)
    await expect(await ada.answer()).to_contain_text(text)
    await expect(ada.questions).to_have_count(1)
    assert (network.cuts, _times(service, text)) == (1, 1)


@pytest.mark.thorough
@PARTS
async def test_a_next_question_is_asked_once_and_its_text_is_not_lost(
    visit: Visit, network: Proxy, service: Service, arrived: int
) -> None:
    ada = await Visitor.arrive((await visit()).context, network.url, "")
    await ada.ask("Before", "echo")
    await ada.answer()
    text = f"The second of {arrived}"
    network.lose(f"POST {await ada.path()}messages/ ".encode(), arrived)
    await ada.ask(text)
    await expect(await ada.answer(number=1)).to_contain_text(text)
    await expect(ada.questions).to_have_count(2)
    await expect(ada.message).to_have_value("")
    assert (network.cuts, _times(service, text)) == (1, 1)


async def _sent_again_where_it_was_lost(ada: Visitor, text: str) -> None:
    """By the browser itself, where nothing of an answer had come, or by who reads the page."""
    again = ada.page.get_by_role("button", name="Try again")
    await expect(again.or_(ada.answers.last)).to_be_visible()
    if await again.is_visible():
        await expect(ada.message).to_have_value(text)
        await again.click()


def _times(service: Service, text: str) -> int:
    chats = [row["body"]["messages"][-1]["content"] for row in service.journal()]
    return chats.count(text)
