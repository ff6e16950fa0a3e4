"""Keys: what they do, when they do nothing, and that each user has their own."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LOW = {"width": 900, "height": 500}
PHONE = {"width": 390, "height": 844}


async def _press(visitor: Visitor, key: str) -> None:
    """Where nothing is typed."""
    await visitor.page.evaluate("document.activeElement.blur()")
    await visitor.page.keyboard.press(key)


def _sheet(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Keyboard shortcuts")


async def _asked(visitor: Visitor, *texts: str) -> None:
    for number, text in enumerate(texts):
        await visitor.ask(text, "echo")
        await visitor.answer(number=number)


@pytest_asyncio.fixture(loop_scope="session")
async def sam(visit: Visit) -> AsyncIterator[Visitor]:
    """Sam, who gets the original keys back afterwards."""
    visitor = await visit("sam", "shortcuts/")
    yield visitor
    await visitor.go("shortcuts/")
    await visitor.page.get_by_role("button", name="Back to the original ones").click()


async def test_the_sheet_tells_the_keys(visit: Visit) -> None:
    ada = await visit()
    await _press(ada, "?")
    await expect(_sheet(ada).get_by_text("Ctrl+K")).to_be_visible()
    await ada.page.keyboard.press("?")
    await expect(_sheet(ada)).to_be_hidden()


async def test_while_somebody_types_a_character_is_a_character(visit: Visit) -> None:
    ada = await visit()
    await ada.message.press_sequentially("bin?/")
    await expect(ada.message).to_have_value("bin?/")
    await expect(_sheet(ada)).to_be_hidden()


@pytest.mark.thorough
async def test_a_key_that_a_composition_has_does_nothing_else(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await ada.message.focus()
    devtools = await ada.context.new_cdp_session(ada.page)
    composed = {"text": "ni", "selectionStart": 2, "selectionEnd": 2}
    await devtools.send("Input.imeSetComposition", composed)
    escape = {"type": "keyDown", "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 229}
    await devtools.send("Input.dispatchKeyEvent", escape)
    await ada.answer("complete")


async def test_escape_stops_the_answer_but_first_closes_what_is_open(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await ada.page.get_by_role("button", name="System prompt").click()
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.get_by_label("What every answer in this chat")).to_be_hidden()
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    await ada.page.keyboard.press("Escape")
    await ada.answer("stopped")


async def test_keys_lead_to_the_box_the_search_and_a_new_chat(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Somewhere")
    await _press(ada, "i")
    await expect(ada.message).to_be_focused()
    await _press(ada, "/")
    await expect(ada.page.get_by_role("searchbox", name="Search conversations")).to_be_focused()
    await _press(ada, "n")
    await expect(ada.page.get_by_role("heading", name="What would you like")).to_be_visible()


async def test_on_a_phone_the_search_opens_the_conversations(visit: Visit) -> None:
    ada = await visit(viewport=PHONE)
    await _press(ada, "/")
    await expect(ada.page.get_by_role("searchbox", name="Search conversations")).to_be_focused()


async def test_keys_go_from_message_to_message(visit: Visit) -> None:
    ada = await visit(viewport=LOW)
    await _asked(ada, "one", "two\n\n" * 30, "three")
    await _press(ada, "k")
    await expect(ada.answers.last).to_be_focused()
    for _ in range(4):
        await ada.page.keyboard.press("k")
    await expect(ada.answers.first).to_be_focused()
    await expect(ada.answers.first).to_be_in_viewport()
    await ada.page.keyboard.press("j")
    await expect(ada.questions.nth(1)).to_be_focused()


async def test_a_key_copies_the_last_answer(visit: Visit) -> None:
    ada = await visit(permissions=["clipboard-read", "clipboard-write"])
    await _asked(ada, "First", "Second")
    await _press(ada, "y")
    await expect(ada.answers.last.get_by_role("button", name="Copied")).to_be_visible()
    assert await ada.page.evaluate("navigator.clipboard.readText()") == "Second"


@pytest.mark.thorough
async def test_the_conversations_are_hidden_and_stay_so(visit: Visit) -> None:
    ada = await visit()
    async with ada.page.expect_response("**/appearance/"):
        await _press(ada, "b")
    await expect(ada.sidebar).to_be_hidden()
    await ada.page.reload()
    await expect(ada.sidebar).to_be_hidden()
    await ada.page.get_by_role("button", name="Open the conversations").click()
    await ada.page.get_by_role("button", name="Keep the conversations").click()
    await expect(ada.sidebar).to_be_visible()
    await expect(ada.page.locator(".sidebar:popover-open")).to_have_count(0)


async def test_a_tooltip_tells_the_key(visit: Visit) -> None:
    ada = await visit()
    await ada.page.get_by_role("button", name="Hide the conversations").hover()
    await expect(ada.page.get_by_title("Hide the conversations (B)")).to_be_visible()
    link = ada.page.get_by_role("link", name="Find a chat")
    await link.hover()
    await expect(link).to_have_attribute("title", re.compile(r"\(Ctrl\+K\)$"))


async def test_a_key_is_pressed_to_be_the_new_one(sam: Visitor) -> None:
    field = sam.page.get_by_role("textbox", name="Begin a new chat")
    await field.press("Control+Alt+n")
    await expect(field).to_have_value("Ctrl+Alt+N")
    await field.press("Tab")
    await expect(sam.page.get_by_role("textbox", name="Search the conv")).to_be_focused()
    await sam.page.get_by_role("button", name="Save").click()
    await expect(sam.page.get_by_role("status")).to_contain_text("The shortcuts were saved.")
    await sam.go()
    await _asked(sam, "Somewhere")
    await _press(sam, "n")
    await expect(sam.questions).to_have_count(1)
    await sam.message.press("Control+Alt+n")
    await expect(sam.page.get_by_role("heading", name="What would you like")).to_be_visible()


async def test_what_the_browser_keeps_for_itself_is_no_key_of_a_field(visit: Visit) -> None:
    ada = await visit("ada", "shortcuts/", permissions=["clipboard-read", "clipboard-write"])
    await ada.page.evaluate("navigator.clipboard.writeText('Ctrl+Shift+Y')")
    field = ada.page.get_by_role("textbox", name="Begin a new chat")
    await field.press("Control+a")
    await field.press("Control+v")
    await expect(field).to_have_value("Ctrl+Shift+Y")


async def test_what_is_switched_off_does_nothing(sam: Visitor) -> None:
    await sam.page.get_by_role("button", name="Switch all off").click()
    await expect(sam.page.get_by_role("status")).to_be_visible()
    await sam.go()
    for key in ("?", "b", "Control+k"):
        await _press(sam, key)
    await expect(sam.sidebar).to_be_visible()
    await expect(sam.page.get_by_role("dialog")).to_have_count(0)
    await sam.open_menu()
    await sam.page.get_by_role("link", name="Shortcuts").click()
    await expect(_sheet(sam).get_by_text("Off").first).to_be_visible()


async def test_without_scripts_the_keys_are_a_page(visit: Visit) -> None:
    plain = await visit("ada", java_script_enabled=False)
    await plain.open_menu()
    await plain.page.get_by_role("link", name="Shortcuts").click()
    await expect(plain.page.get_by_role("textbox", name="Find a chat")).to_have_value("Ctrl+K")
