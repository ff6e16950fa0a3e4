"""The site in one hand: nothing too small or too wide, nothing under a notch or a keyboard."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
#: What is pressed and smaller than 44 px; links within a sentence may be, and boxes half of it.
TOO_SMALL = """() => {
  const isBox = (it) => it.type === "checkbox" || it.type === "radio";
  return [...document.querySelectorAll("a, button, summary, select, textarea, input")]
  .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.closest(".skip, .prose"))
  .map((it) => [it, (it.closest("label") ?? it).getBoundingClientRect()])
  .filter(([it, box]) => box.width > 1 && Math.min(box.height, box.width) < (isBox(it) ? 24 : 43.5))
  .map(([it, box]) => `${it.outerHTML.slice(0, 90)}: ${box.width} x ${box.height}`);
}"""
#: A keyboard that lies over the page, as Safari has it.
COVERED = """() => {
  const seen = Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0, scale: 1 });
  Object.defineProperty(window, "visualViewport", { value: seen });
  window.rise = (px) => {
    seen.height = innerHeight - px;
    seen.dispatchEvent(new Event("resize"));
  };
}"""


async def _width(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))


async def _open_the_drawer(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="Open the conversations").tap()
    await expect(visitor.sidebar).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        *("", "c/", "models/", "providers/", "providers/new/", "offline/chats/", "no-such-page/"),
        *("admin/", "admin/providers/provider/", "admin/providers/model/", "admin/usage/"),
        *("usage/", "shared/"),
    ],
)
async def test_a_thumb_hits_all_that_can_be_pressed(visit: Visit, path: str) -> None:
    ada = await visit("ada", path, **PHONE)
    assert await ada.page.evaluate(TOO_SMALL) == []
    assert await _width(ada.page) == 320
    ada.complaints.clear()


async def test_a_row_of_the_desk_is_a_card_that_can_be_filled_in(visit: Visit) -> None:
    ada = await visit("ada", "admin/providers/model/", **PHONE)
    price = ada.page.locator("tbody tr").first.locator(".field-input_price")
    await expect(price).to_have_attribute("data-label", "Input price")
    await price.locator("input").scroll_into_view_if_needed()
    await expect(price.locator("input")).to_be_in_viewport(ratio=1)
    results = ada.page.locator(".results")
    assert await results.evaluate("it => it.scrollWidth - it.clientWidth") == 0


async def test_a_thumb_hits_what_stands_under_and_beside_an_answer(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await ada.ask("```python\nx = 1\n```\n\n$$" + "a + " * 99 + "b$$", "echo")
    await ada.answer()
    assert await ada.page.evaluate(TOO_SMALL) == []
    assert await _width(ada.page) == 320


async def test_a_long_title_leaves_the_header_its_buttons(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await ada.ask("A question that is far too long to be a title on a phone", "echo")
    await ada.answer()
    title = await ada.page.locator(".title summary").bounding_box()
    find = await ada.page.get_by_role("link", name="Find a chat").bounding_box()
    assert title
    assert find
    assert title["x"] + title["width"] <= find["x"]


async def test_there_is_room_to_write_a_title(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await ada.ask("Hello", "echo")
    await ada.answer()
    await ada.page.locator(".title summary").tap()
    box = await ada.page.get_by_role("textbox", name="Title").bounding_box()
    assert box
    assert box["width"] > 90


async def test_the_system_prompt_has_lines_to_write_in(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await ada.page.get_by_role("button", name="System prompt").tap()
    box = await ada.page.locator("#system textarea").bounding_box()
    assert box
    assert box["height"] > 100


async def test_the_drawer_has_what_one_came_for_at_the_thumb(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await _open_the_drawer(ada)
    assert await ada.page.evaluate(TOO_SMALL) == []
    box = await ada.sidebar.get_by_role("link", name="New chat").bounding_box()
    assert box
    assert box["y"] > 568 / 2


async def test_all_of_the_account_menu_can_be_reached_with_a_finger(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await _open_the_drawer(ada)
    await ada.open_menu()
    assert await ada.page.evaluate(TOO_SMALL) == []
    for name in ("Log out", "Dark"):
        await ada.page.get_by_role("button", name=name, exact=True).click(trial=True)
    await ada.page.get_by_role("link", name="Presets").click(trial=True)


async def test_the_keyboard_covers_no_composer(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await ada.ask("line\n\n" * 40, "echo")
    await ada.answer()
    await ada.page.add_init_script(f"({COVERED})()")
    await ada.page.reload()
    send = ada.page.get_by_role("button", name="Send")
    for keyboard in (260, 0):
        await ada.page.evaluate(f"rise({keyboard})")
        box = await send.bounding_box()
        assert box
        assert 568 - 100 < box["y"] + box["height"] + keyboard <= 568


async def test_two_fingers_are_no_keyboard(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    await ada.page.add_init_script(f"({COVERED})()")
    await ada.page.reload()
    await ada.page.evaluate("visualViewport.scale = 2; rise(260)")
    await expect(ada.page.locator("html")).not_to_have_attribute("data-keyboard", "")


async def _under_a_notch(visitor: Visitor) -> dict[str, Any]:
    devtools = await visitor.context.new_cdp_session(visitor.page)
    insets = {"top": 47, "bottom": 34, "left": 21, "right": 21}
    await devtools.send("Emulation.setSafeAreaInsetsOverride", {"insets": insets})
    return insets


async def test_nothing_stands_under_the_notch_or_the_bar_below(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    insets = await _under_a_notch(ada)
    await ada.ask("Hello", "echo")
    await ada.answer()
    for name in ("Open the conversations", "Send"):
        box = await ada.page.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["y"] >= insets["top"]
        assert box["y"] + box["height"] <= 568 - insets["bottom"]
        assert box["x"] >= insets["left"]
        assert box["x"] + box["width"] <= 320 - insets["right"]


async def test_the_drawer_keeps_clear_of_them_too(visit: Visit) -> None:
    ada = await visit("ada", **PHONE)
    insets = await _under_a_notch(ada)
    await _open_the_drawer(ada)
    box = await ada.page.get_by_title("Account and settings").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 568 - insets["bottom"]
    assert box["x"] >= insets["left"]
