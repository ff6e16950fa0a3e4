"""Light and dark: chosen on the page, there at once, and there before anything is drawn."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

COLOUR = "getComputedStyle(document.documentElement).backgroundColor"
#: The colours of the browser's bar that count now.
BAR = """[...document.querySelectorAll("meta[name=theme-color]")]
  .filter((it) => matchMedia(it.media).matches).map((it) => it.content)"""
FILL = "it => getComputedStyle(it).fill"
#: What the page's background was when the first thing was painted.
FIRST = """window.first = new Promise((resolve) => new PerformanceObserver((list) => {
  if (list.getEntriesByName("first-paint").length)
    resolve(getComputedStyle(document.documentElement).backgroundColor);
}).observe({ type: "paint", buffered: true }));"""


async def _colour(visitor: Visitor) -> str:
    return str(await visitor.page.evaluate(COLOUR))


async def test_a_theme_is_there_at_once_and_on_the_next_page(visit: Visit) -> None:
    ada = await visit(color_scheme="light")
    light = await _colour(ada)
    await ada.open_menu()
    button = ada.page.get_by_role("button", name="Dark", exact=True)
    async with ada.page.expect_response("**/appearance/") as kept:
        await button.click()
    dark = await _colour(ada)
    assert ((await kept.value).status, dark != light) == (204, True)
    await expect(button).to_have_attribute("aria-pressed", "true")
    await expect(button).to_be_focused()
    await ada.page.add_init_script(FIRST)
    await ada.page.reload()
    first = await ada.page.wait_for_function("window.first")
    assert await first.json_value() == dark


async def test_the_browsers_own_bar_changes_along(visit: Visit) -> None:
    ada = await visit(color_scheme="light")
    before = await ada.page.evaluate(BAR)
    await ada.open_menu()
    await ada.page.get_by_role("button", name="Dark", exact=True).click()
    assert await ada.page.evaluate(BAR) not in ([], before)
    await ada.page.get_by_role("button", name="System", exact=True).click()
    assert await ada.page.evaluate(BAR) == before


@pytest.mark.thorough
async def test_a_diagram_changes_along(visit: Visit) -> None:
    ada = await visit(color_scheme="light")
    await ada.ask("```mermaid\ngraph TD;\n  A[Start] --> B[End];\n```", "echo")
    await ada.answer()
    await ada.page.get_by_role("button", name="Draw the diagram").click()
    node = ada.page.frame_locator("iframe").locator(".node rect").first
    light = await node.evaluate(FILL)
    await ada.open_menu()
    await ada.page.get_by_role("button", name="Dark", exact=True).click()
    await expect(node).not_to_have_css("fill", light)


async def test_the_system_decides_again(visit: Visit) -> None:
    ada = await visit(color_scheme="dark")
    dark = await _colour(ada)
    await ada.open_menu()
    await ada.page.get_by_role("button", name="Light", exact=True).click()
    light = await _colour(ada)
    await ada.page.get_by_role("button", name="System", exact=True).click()
    assert (await _colour(ada), light != dark) == (dark, True)


async def test_before_the_log_in_and_without_scripts_it_is_chosen_too(visit: Visit) -> None:
    nobody = await visit("", "accounts/login/", java_script_enabled=False, color_scheme="light")
    await nobody.page.get_by_role("button", name="Dark", exact=True).click()
    await expect(nobody.page.get_by_role("textbox", name="Username")).to_be_visible()
    await expect(nobody.page.locator("html")).to_have_attribute("data-theme", "dark")
