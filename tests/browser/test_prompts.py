"""Saved prompts: a slash in the message box lists them, and what they ask for is filled in."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser.axe import offences
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LETTER = "Dear {{who}},\n{{text}}\nYours"


def _options(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("listbox", name="Saved prompts").get_by_role("option")


def _active(visitor: Visitor) -> Locator:
    found = visitor.page.get_by_role("listbox", name="Saved prompts")
    return found.get_by_role("option", selected=True)


async def _save(visitor: Visitor, name: str, text: str) -> None:
    await visitor.go("prompts/new/")
    await visitor.page.get_by_label("Title").fill(name)
    await visitor.page.get_by_label("Text").fill(text)
    await visitor.page.get_by_role("button", name="Save").click()
    await expect(visitor.page.get_by_role("status")).to_contain_text("is saved")


@pytest_asyncio.fixture(loop_scope="session")
async def library(visit: Visit) -> AsyncIterator[None]:
    """Sam has saved two prompts."""
    sam = await visit("sam")
    await _save(sam, "Letter", LETTER)
    await _save(sam, "Summary", "Sum it up.")
    yield
    for name in ("Letter", "Summary"):
        await sam.go("prompts/")
        await sam.page.get_by_role("link", name=f"Edit {name}").click()
        await sam.page.get_by_role("button", name="Delete").click()


@pytest.fixture
def asked(library: None) -> list[str]:
    """What the page asked the server for, from where a test listens."""
    return []


@pytest.mark.usefixtures("library")
async def test_a_slash_lists_them_and_enter_picks_one(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially("/")
    await expect(_options(sam)).to_have_count(2)
    await sam.message.press_sequentially("su")
    await expect(_options(sam)).to_have_count(1)
    await sam.message.press("Enter")
    await expect(sam.message).to_have_value("Sum it up.")
    await expect(sam.message).to_be_focused()
    assert await sam.questions.count() == 0


@pytest.mark.usefixtures("library")
async def test_the_arrows_go_round_and_escape_leaves_what_is_typed(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially("/")
    await expect(_active(sam)).to_contain_text("Letter")
    await sam.message.press("ArrowUp")
    await expect(_active(sam)).to_contain_text("Summary")
    active = await sam.message.get_attribute("aria-activedescendant")
    assert active == await _active(sam).get_attribute("id")
    await sam.message.press("Escape")
    await expect(_options(sam)).to_have_count(0)
    await sam.message.press_sequentially("sum")
    await sam.page.wait_for_timeout(400)
    await expect(_options(sam)).to_have_count(0)
    await expect(sam.message).to_have_value("/sum")


@pytest.mark.usefixtures("library")
async def test_what_a_prompt_asks_for_is_filled_in(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially("/letter")
    await sam.message.press("Enter")
    await expect(sam.page.get_by_label("who")).to_be_focused()
    await sam.page.keyboard.type("Ann")
    await sam.page.keyboard.press("Tab")
    await sam.page.keyboard.type("one")
    await sam.page.keyboard.press("Shift+Enter")
    await sam.page.keyboard.type("{{who}}")
    await sam.page.keyboard.press("Enter")
    await expect(sam.message).to_have_value("Dear Ann,\none\n{{who}}\nYours")
    await expect(sam.message).to_be_focused()


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("way", ["Escape", pytest.param("Cancel", marks=pytest.mark.thorough)])
async def test_giving_it_up_leaves_what_was_typed(visit: Visit, way: str) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially("/letter")
    await sam.message.press("Enter")
    await expect(sam.page.get_by_label("who")).to_be_focused()
    if way == "Escape":
        await sam.page.keyboard.press("Escape")
    else:
        await sam.page.get_by_role("button", name="Cancel").click()
    await expect(sam.page.get_by_label("who")).to_have_count(0)
    await expect(sam.message).to_have_value("/letter")
    await expect(sam.message).to_be_focused()


@pytest.mark.usefixtures("library")
async def test_a_press_elsewhere_takes_nothing_of_what_is_filled_in(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially("/letter")
    await sam.message.press("Enter")
    await expect(sam.page.get_by_label("who")).to_be_focused()
    # It lies over the message box.
    await sam.page.get_by_role("button", name="Cancel").press("Tab")
    await expect(sam.page.locator("#composer :focus")).to_have_count(0)
    await sam.page.get_by_label("who").focus()
    await sam.page.keyboard.type("Ann")
    await sam.page.locator("#search").click()
    await expect(sam.page.get_by_label("who")).to_have_value("Ann")
    await sam.page.get_by_label("who").press("Enter")
    await expect(sam.message).to_have_value("Dear Ann,\n\nYours")


@pytest.mark.usefixtures("library")
async def test_a_composition_picks_and_sends_nothing(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially("/")
    await expect(_options(sam)).to_have_count(2)
    devtools = await sam.context.new_cdp_session(sam.page)
    pinyin = {"text": "zhong wen", "selectionStart": 9, "selectionEnd": 9}
    await devtools.send("Input.imeSetComposition", pinyin)
    for key in ("ArrowDown", "Enter"):
        event = {"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": 229}
        await devtools.send("Input.dispatchKeyEvent", event)
    await expect(_active(sam)).to_contain_text("Letter")
    await devtools.send("Input.insertText", {"text": "中文"})
    await expect(_options(sam)).to_have_count(0)
    await expect(sam.message).to_have_value("/中文")
    assert await sam.questions.count() == 0


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("slash", ["、", pytest.param("／", marks=pytest.mark.thorough)])
async def test_the_slash_of_chinese_input_does_as_well(visit: Visit, slash: str) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially(f"{slash}letter")
    await expect(_options(sam)).to_have_count(1)


@pytest.mark.thorough
@pytest.mark.usefixtures("library")
async def test_what_is_no_prompt_is_sent_as_it_is(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("/etc/hosts", "echo")
    await expect(await sam.answer()).to_contain_text("/etc/hosts")
    await sam.message.press_sequentially("/letters of the alphabet")
    await sam.message.press("Enter")
    await expect(sam.questions.last).to_contain_text("/letters of the alphabet")
    await sam.answer(number=1)


async def test_nothing_of_it_is_loaded_before(visit: Visit, asked: list[str]) -> None:
    sam = await visit("sam")
    sam.page.on("request", lambda request: asked.append(request.url))
    await sam.message.press_sequentially("a/b")
    await sam.page.wait_for_timeout(300)
    assert not [url for url in asked if "prompts" in url]
    await sam.message.fill("")
    await sam.message.press_sequentially("/")
    await expect(_options(sam)).to_have_count(2)
    assert len([url for url in asked if "/prompts/" in url]) == 1


async def test_without_any_it_leads_to_the_first_one(visit: Visit) -> None:
    ada = await visit("ada")
    await ada.message.press_sequentially("/")
    await expect(ada.page.get_by_text("You have saved no prompts yet.")).to_be_visible()
    await ada.page.get_by_role("link", name="New prompt").click()
    await expect(ada.page.get_by_label("Title")).to_be_visible()


@pytest.mark.usefixtures("library")
async def test_a_finger_picks_one_on_a_phone(visit: Visit) -> None:
    sam = await visit("sam", **PHONE)
    await sam.message.press_sequentially("/")
    option = _options(sam).filter(has_text="Letter")
    box = await option.bounding_box()
    assert (box or {"height": 0})["height"] >= 44
    await option.tap()
    await sam.page.get_by_label("who").fill("Ann")
    await sam.page.get_by_role("button", name="Put into the message box").tap()
    await expect(sam.message).to_have_value("Dear Ann,\n\nYours")


@pytest.mark.usefixtures("library")
async def test_without_a_network_what_is_typed_stays(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.message.press_sequentially("/")
    await expect(_options(sam)).to_have_count(2)
    await sam.page.route("**/prompts/**", lambda route: route.abort())
    await sam.message.press("Enter")
    await expect(sam.page.get_by_role("alert")).to_contain_text("could not be reached")
    await expect(sam.message).to_have_value("/")
    sam.forgive("net::ERR_FAILED GET")


@pytest.mark.thorough
@pytest.mark.usefixtures("library")
async def test_without_scripts_they_are_links(visit: Visit) -> None:
    sam = await visit("sam", "prompts/", java_script_enabled=False)
    await sam.page.get_by_role("link", name="Summary", exact=True).click()
    await expect(sam.message).to_have_value("Sum it up.")
    await sam.go("prompts/")
    await sam.page.get_by_role("link", name="Letter", exact=True).click()
    await sam.page.get_by_label("who").fill("Ann")
    await sam.page.get_by_role("button", name="Put into the message box").click()
    await expect(sam.message).to_have_value("Dear Ann,\n\nYours")


@pytest.mark.thorough
@pytest.mark.usefixtures("library")
async def test_its_pages_are_accessible(visit: Visit) -> None:
    sam = await visit("sam", "prompts/")
    assert await offences(sam.page) == []
    await sam.page.get_by_role("link", name="Letter", exact=True).click()
    assert await offences(sam.page) == []
    await sam.go()
    await sam.message.press_sequentially("/")
    await expect(_options(sam)).to_have_count(2)
    assert await offences(sam.page) == []
