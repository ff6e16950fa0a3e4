"""Back and forward: each page comes again as it was left."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


async def test_back_leads_from_a_chat_that_was_begun_to_the_empty_one(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Begun here", "echo")
    await ada.answer()
    await ada.page.go_back()
    await expect(ada.page.get_by_role("heading", name="What would you like")).to_be_visible()
    await expect(ada.questions).to_have_count(0)
    await ada.page.go_forward()
    await expect(ada.questions).to_contain_text("Begun here")


async def test_back_leads_to_the_chat_before_and_not_into_a_dialog(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("The first chat", "echo")
    await ada.answer()
    await ada.go()
    await ada.ask("The second chat", "echo")
    await ada.answer()
    await ada.page.keyboard.press("Control+k")
    await ada.page.get_by_role("option", name="The first chat").click()
    await expect(ada.questions).to_contain_text("The first chat")
    await ada.page.go_back()
    await expect(ada.questions).to_contain_text("The second chat")
    await expect(ada.page.get_by_role("dialog")).to_have_count(0)


async def test_a_picked_model_a_search_and_a_find_have_addresses(visit: Visit) -> None:
    ada = await visit(path="palette/?q=markdown")
    await ada.page.get_by_role("link", name="markdown").first.click()
    picked = ada.page.get_by_label("Model", exact=True).locator("option:checked")
    await expect(picked).to_have_text("markdown")
    await ada.page.go_back()
    await expect(ada.page.get_by_role("textbox", name="Find a chat")).to_have_value("markdown")
