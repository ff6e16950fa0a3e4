"""Where the page stands while an answer grows."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LOW = {"width": 900, "height": 500}
BELOW = "document.documentElement.scrollHeight - innerHeight - scrollY"


async def _read_a_long_answer(visitor: Visitor) -> None:
    await visitor.ask("line\n\n" * 60, "echo")
    await visitor.answer()


async def test_the_page_stays_at_its_end_while_an_answer_grows(visit: Visit) -> None:
    ada = await visit(viewport=LOW)
    await _read_a_long_answer(ada)
    height = await ada.page.evaluate("document.documentElement.scrollHeight")
    await ada.ask("Count", "slow-40x50")
    await ada.answer(number=1)
    assert await ada.page.evaluate("document.documentElement.scrollHeight") > height
    assert await ada.page.evaluate(BELOW) < 2


async def test_what_is_being_read_above_does_not_move(visit: Visit) -> None:
    ada = await visit(viewport=LOW)
    await _read_a_long_answer(ada)
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word5")
    before = await ada.scroll_up()
    await ada.answer()
    assert await ada.page.evaluate("scrollY") == before


@pytest.mark.thorough
async def test_jumping_to_the_latest_follows_again(visit: Visit) -> None:
    ada = await visit(viewport=LOW)
    await _read_a_long_answer(ada)
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word5")
    await ada.scroll_up()
    await ada.page.get_by_role("button", name="Jump to latest").click()
    await ada.answer()
    assert await ada.page.evaluate(BELOW) < 2


async def test_there_is_no_way_to_the_latest_from_the_latest(visit: Visit) -> None:
    ada = await visit(viewport=LOW)
    await _read_a_long_answer(ada)
    jump = ada.page.get_by_role("button", name="Jump to latest")
    await expect(jump).to_be_hidden()
    await ada.scroll_up()
    await jump.click()
    await expect(jump).to_be_hidden()
