"""The menu behind the user's name opens over the list, and goes when another thing is wanted."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def _usage(visitor: Visitor) -> Locator:
    return visitor.sidebar.get_by_role("link", name="Usage")


async def test_it_opens_and_closes_by_keys(visit: Visit) -> None:
    ada = await visit()
    name = ada.page.get_by_title("Account and settings")
    await name.focus()
    await name.press("Enter")
    await ada.page.keyboard.press("Tab")
    await expect(ada.sidebar.get_by_role("link", name="Presets")).to_be_focused()
    await ada.page.keyboard.press("Escape")
    await expect(_usage(ada)).to_be_hidden()
    await expect(name).to_be_focused()


async def test_what_closes_it_stops_no_answer(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "held-20x20")
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    await ada.open_menu()
    await ada.page.keyboard.press("Escape")
    await expect(_usage(ada)).to_be_hidden()
    await expect(ada.page.get_by_role("button", name="Stop")).to_be_visible()
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")


async def test_a_press_elsewhere_closes_it(visit: Visit) -> None:
    ada = await visit()
    await ada.open_menu()
    await expect(_usage(ada)).to_be_visible()
    await ada.message.click()
    await expect(_usage(ada)).to_be_hidden()


async def test_the_focus_comes_back_to_it_from_the_sheet_of_keys(visit: Visit) -> None:
    ada = await visit()
    await ada.open_menu()
    shortcuts = ada.sidebar.get_by_role("link", name="Shortcuts")
    await shortcuts.click()
    await expect(ada.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(shortcuts).to_be_focused()


async def test_without_scripts_it_leads_on(visit: Visit) -> None:
    plain = await visit("ada", "c/", java_script_enabled=False)
    await plain.open_menu()
    await _usage(plain).click()
    await expect(plain.page.get_by_role("heading", name="Usage")).to_be_visible()
