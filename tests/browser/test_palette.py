"""The palette: a chat, a model or a command by its name; by keys, by hand, without scripts."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
SLOWLY_S = 0.4


def _field(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("combobox", name="Find a chat, a model or a command")


def _options(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("listbox", name="Found").get_by_role("option")


def _active(visitor: Visitor) -> Locator:
    found = visitor.page.get_by_role("listbox", name="Found")
    return found.get_by_role("option", selected=True)


async def _find(visitor: Visitor, words: str) -> None:
    """Opens it, and waits until what is found are these words' alone."""
    await visitor.page.keyboard.press("Control+k")
    await expect(_options(visitor).first).to_be_visible()
    await visitor.page.keyboard.type(words)
    await expect(_active(visitor)).to_contain_text(re.compile(re.escape(words), re.IGNORECASE))


async def test_a_chat_is_jumped_to_by_its_title(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Sourdough for beginners", "echo")
    await ada.answer()
    wanted = await ada.path()
    await ada.go()
    await _find(ada, "sourdough")
    await ada.page.keyboard.press("Enter")
    await expect(ada.questions).to_contain_text("Sourdough for beginners")
    assert await ada.path() == wanted


async def test_enter_waits_for_what_was_typed(visit: Visit) -> None:
    ada = await visit()
    await ada.page.keyboard.press("Control+k")
    await expect(_options(ada).first).to_be_visible()
    await ada.page.keyboard.type("keyboard shortcuts")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


async def test_the_arrows_go_round_and_escape_gives_the_focus_back(visit: Visit) -> None:
    ada = await visit()
    await ada.message.fill("typed before")
    await ada.page.keyboard.press("Control+k")
    await expect(_options(ada).first).to_have_attribute("aria-selected", "true")
    await ada.page.keyboard.press("ArrowUp")
    await expect(_options(ada).last).to_have_attribute("aria-selected", "true")
    await ada.page.keyboard.press("ArrowDown")
    active = await _field(ada).get_attribute("aria-activedescendant")
    assert active == await _options(ada).first.get_attribute("id")
    await ada.page.keyboard.press("Escape")
    await expect(ada.message).to_be_focused()
    await expect(ada.message).to_have_value("typed before")


async def test_the_same_key_closes_it(visit: Visit) -> None:
    ada = await visit()
    for _ in range(2):
        await ada.page.keyboard.press("Control+k")
        await expect(_field(ada)).to_be_focused()
        await ada.page.keyboard.press("Control+k")
        await expect(_field(ada)).to_be_hidden()


async def test_a_composition_chooses_and_searches_nothing(visit: Visit) -> None:
    ada = await visit()
    await ada.page.keyboard.press("Control+k")
    await expect(_options(ada).first).to_be_visible()
    count, asked = await _options(ada).count(), list[str]()
    ada.page.on("request", lambda request: asked.append(request.url))
    devtools = await ada.context.new_cdp_session(ada.page)
    pinyin = {"text": "zhong wen", "selectionStart": 9, "selectionEnd": 9}
    await devtools.send("Input.imeSetComposition", pinyin)
    for key in ("ArrowDown", "Enter"):
        event = {"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": 229}
        await devtools.send("Input.dispatchKeyEvent", event)
    await ada.page.wait_for_timeout(400)
    assert await _options(ada).count() == count
    assert not [url for url in asked if "/palette/" in url]
    await expect(_options(ada).first).to_have_attribute("aria-selected", "true")
    await devtools.send("Input.insertText", {"text": "中文"})
    await expect(_active(ada)).to_contain_text("简体中文")


async def test_a_model_is_switched_and_what_is_typed_stays(visit: Visit) -> None:
    ada = await visit()
    await ada.pick("echo")
    await ada.message.fill("typed before")
    await _find(ada, "markdown")
    await ada.page.keyboard.press("Enter")
    picked = ada.page.get_by_label("Model", exact=True).locator("option:checked")
    await expect(picked).to_have_text("markdown")
    await expect(ada.message).to_have_value("typed before")
    await expect(ada.message).to_be_focused()


async def test_what_a_page_can_do_is_offered_while_it_can(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await _find(ada, "Stop the answer")
    await ada.page.keyboard.press("Enter")
    await ada.answer("stopped")
    await ada.page.keyboard.press("Control+k")
    await expect(_options(ada).filter(has_text="Copy the last answer")).to_be_visible()
    await expect(ada.page.get_by_text("Stop the answer")).to_be_hidden()


async def test_a_chat_is_renamed_and_deleted(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("To be renamed", "echo")
    await ada.answer()
    await _find(ada, "Rename this chat")
    await ada.page.keyboard.press("Enter")
    title = ada.page.locator("#chat-header").get_by_role("textbox", name="Title")
    await expect(title).to_be_focused()
    await title.fill("To be deleted")
    await title.press("Enter")
    await expect(ada.page.get_by_role("heading", name="To be deleted")).to_be_visible()
    await _find(ada, "Delete this chat")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_text("“To be deleted” was deleted.")).to_be_visible()


async def test_the_language_is_changed_where_one_is(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Stay here", "echo")
    await ada.answer()
    path = await ada.path()
    await _find(ada, "Chinese")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert await ada.path() == path


async def test_the_theme_is_changed_and_the_page_stays_as_it_is(visit: Visit) -> None:
    ada = await visit(color_scheme="light")
    await ada.message.fill("typed before")
    await _find(ada, "Theme: dark")
    async with ada.page.expect_response("**/appearance/") as kept:
        await ada.page.keyboard.press("Enter")
    assert (await kept.value).status == 204
    await expect(ada.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(ada.message).to_have_value("typed before")
    await expect(ada.message).to_be_focused()


async def test_on_a_phone_a_button_opens_it_and_a_finger_chooses(visit: Visit) -> None:
    ada = await visit(viewport=PHONE, has_touch=True)
    await ada.page.get_by_role("link", name="Find a chat, a model or a command").tap()
    await expect(_field(ada)).to_be_focused()
    option = _options(ada).filter(has_text="System prompt")
    box = await option.bounding_box()
    assert (box or {"height": 0})["height"] >= 44
    await option.tap()
    await expect(ada.page.get_by_label("What every answer in this chat")).to_be_visible()


async def test_what_is_not_found_is_said(visit: Visit) -> None:
    ada = await visit()
    await ada.page.keyboard.press("Control+k")
    await expect(_options(ada).first).to_be_visible()
    await ada.page.keyboard.type("no such thing")
    nothing = ada.page.get_by_role("status").filter(has_text="Nothing is called “no such thing”.")
    await expect(nothing).to_be_visible()
    await expect(_field(ada)).to_have_attribute("aria-expanded", "false")


@pytest.mark.thorough
async def test_it_is_a_page_without_scripts(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("Sam's sourdough", "echo")
    await sam.answer()
    plain = await visit("sam", await sam.path(), java_script_enabled=False)
    await plain.page.get_by_role("link", name="Find a chat, a model or a command").click()
    await plain.page.get_by_role("textbox", name="Find a chat").fill("sourdough")
    await plain.page.get_by_role("textbox", name="Find a chat").press("Enter")
    await plain.page.get_by_role("link", name="Sam's sourdough").click()
    await expect(plain.questions).to_contain_text("Sam's sourdough")


@pytest.mark.thorough
async def test_without_a_network_the_field_stays(visit: Visit) -> None:
    ada = await visit()
    await ada.page.route("**/palette/**", lambda route: route.abort())
    await ada.page.keyboard.press("Control+k")
    await ada.page.keyboard.type("anything")
    await ada.page.wait_for_timeout(1000)
    await expect(_field(ada)).to_have_value("anything")
    ada.forgive("net::ERR_FAILED GET")
    ada.forgive("Failed to fetch")
