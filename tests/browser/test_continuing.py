"""Answers that ended before they were whole, and the button that goes on with them."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Service, Visit

pytestmark = pytest.mark.browser

COUNTED = [f"word{number}" for number in range(40)]


async def test_a_stopped_answer_goes_on_where_it_stopped(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "count-40x50")
    await expect(ada.answers.last).to_contain_text("word5")
    await ada.page.get_by_role("button", name="Stop").click()
    await ada.answer("stopped")
    await ada.answers.last.get_by_role("button", name="Continue").click()
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED
    await expect(ada.answers).to_have_count(1)
    await ada.page.reload()
    assert (await ada.prose()).split() == COUNTED
    await expect(ada.answers.last.get_by_role("button", name="Continue")).to_have_count(0)


async def test_a_broken_off_answer_offers_both_ways_and_shows_nothing_twice(
    visit: Visit, service: Service
) -> None:
    ada = await visit()
    await ada.ask("Break off", "cut")
    answer = await ada.answer("failed")
    await expect(answer.get_by_role("button", name="Try again")).to_be_visible()
    await answer.get_by_role("button", name="Continue").click()
    await expect(answer).to_have_attribute("aria-busy", "true")
    await ada.answer("failed")
    assert await ada.prose() == "The first half, and then"
    assert service.journal()[-1]["body"]["messages"][-2]["content"] == "The first half, and then"


@pytest.mark.thorough
async def test_without_javascript_it_goes_on_too(visit: Visit) -> None:
    ada = await visit(java_script_enabled=False)
    await ada.pick("cut")
    await ada.message.fill("Break off")
    await ada.page.get_by_role("button", name="Send").click()
    await ada.answers.last.get_by_role("button", name="Continue").click(timeout=15_000)
    await expect(ada.answers).to_have_count(1)
    await expect(ada.answers.last).to_have_attribute("data-state", "running")
    await expect(ada.answers.last).to_have_attribute("data-state", "failed", timeout=15_000)
