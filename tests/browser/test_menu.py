"""The menu behind the user's name opens over the list, and goes when another thing is wanted."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Service, Visit
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


async def test_what_closes_it_stops_no_answer(visit: Visit, service: Service) -> None:
    ada = await visit()
    await ada.ask("Count", "held-20x20")
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    await ada.open_menu()
    await ada.page.keyboard.press("Escape")
    await expect(_usage(ada)).to_be_hidden()
    service.release()
    await ada.answer("complete")


async def test_escape_closes_it_before_the_drawer_around_it(visit: Visit) -> None:
    ada = await visit(viewport={"width": 390, "height": 844})
    await ada.page.get_by_role("button", name="Open the conversations").click()
    await ada.open_menu()
    await ada.page.keyboard.press("Escape")
    await expect(_usage(ada)).to_be_hidden()
    await expect(ada.sidebar).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(ada.sidebar).to_be_hidden()


async def test_where_the_page_is_magnified_it_can_be_used_and_left(visit: Visit) -> None:
    ada = await visit(path="c/", viewport={"width": 320, "height": 256})
    await ada.open_menu()
    await ada.page.get_by_role("button", name="Log out").click(trial=True)
    await ada.sidebar.get_by_role("link", name="New chat").click()
    await expect(ada.message).to_be_visible()


async def test_a_page_that_comes_back_has_it_closed(visit: Visit) -> None:
    ada = await visit()
    await ada.open_menu()
    await ada.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    await expect(_usage(ada)).to_be_hidden()


async def test_the_focus_closes_it_where_it_goes_on(visit: Visit) -> None:
    ada = await visit()
    await ada.open_menu()
    await ada.page.keyboard.press("Shift+Tab")
    await expect(_usage(ada)).to_be_hidden()


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
