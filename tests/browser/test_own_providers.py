"""A provider of a user's own, from the menu to its end, with and without JavaScript."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Service, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "scripts",
    [True, pytest.param(False, marks=pytest.mark.thorough)],
    ids=["scripts", "no scripts"],
)
async def test_a_provider_is_added_checked_and_deleted(
    visit: Visit, service: Service, scripts: bool
) -> None:
    ada = await visit("ada", java_script_enabled=scripts, viewport={"width": 1200, "height": 800})
    page = ada.page
    await ada.open_menu()
    await ada.sidebar.get_by_role("link", name="Providers").click()
    await page.get_by_role("link", name="Add a provider").click()
    await page.get_by_role("link", name="Another OpenAI-compatible service").click()
    await page.get_by_role("textbox", name="Host name").fill(service.base_url)
    await page.get_by_role("button", name="Fill in").click()
    await expect(page.get_by_role("textbox", name="Base URL")).to_have_value(service.base_url)
    await page.get_by_role("textbox", name="Name", exact=True).fill("My own")
    await page.get_by_role("textbox", name="Key", exact=True).fill(" sk-0123456789abcdef ")
    await page.get_by_role("button", name="Save and fetch").click()
    await expect(page.get_by_role("status")).to_contain_text("The blanks around the key")
    await expect(page.get_by_text("Stored: …cdef.")).to_be_visible()
    await page.get_by_role("checkbox", name="echo").uncheck()
    await page.get_by_text("Add a model by hand").click()
    await page.get_by_role("textbox", name="Model id").fill("gpt-at-work")
    await page.get_by_role("button", name="Save the models").click()
    await expect(page.get_by_role("status")).to_contain_text("2 models are saved.")
    await expect(page.get_by_role("checkbox", name="echo")).not_to_be_checked()
    await page.get_by_role("button", name="Check the connection").click()
    await expect(page.get_by_role("listitem").last).to_contain_text("chat", ignore_case=True)
    await page.get_by_role("textbox", name="Model").fill("echo")
    await page.get_by_role("button", name="Check again").click()
    await expect(page.get_by_text("A chat can be had.")).to_be_visible()
    await page.get_by_role("link", name="Back to the provider").click()
    await page.get_by_role("link", name="Delete this provider").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("status")).to_contain_text("“My own” was deleted.")


async def test_who_may_have_none_is_led_to_none(visit: Visit) -> None:
    sam = await visit("sam", viewport={"width": 1200, "height": 800})
    await sam.open_menu()
    await expect(sam.sidebar.get_by_role("button", name="Log out")).to_be_visible()
    await expect(sam.sidebar.get_by_role("link", name="Providers")).to_have_count(0)
    await sam.go("providers/")
    await expect(sam.page.get_by_role("heading", level=1)).to_be_visible()
    sam.forgive("404 GET")
