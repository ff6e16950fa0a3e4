"""Presets: made, chosen on an empty chat or in the palette, asked with, changed and taken back."""

import pytest
from playwright.async_api import expect

from tests.browser.axe import offences
from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


async def _make(visitor: Visitor, name: str, model: str = "echo", **more: str) -> None:
    page = visitor.page
    await visitor.go("presets/new/")
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Model", exact=True).select_option(label=model)
    for label, value in more.items():
        await page.get_by_label(label.replace("_", " ")).fill(value)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("is saved")


async def _delete(visitor: Visitor, name: str) -> None:
    await visitor.go("presets/")
    await visitor.page.get_by_role("link", name=f"Edit {name}").click()
    await visitor.page.get_by_role("button", name="Delete").click()
    await expect(visitor.page.get_by_text(f"“{name}” was deleted.")).to_be_visible()


async def test_a_chat_is_begun_with_a_preset(visit: Visit, service: Service) -> None:
    sam = await visit("sam")
    await _make(sam, "Socrates", System_prompt="Ask back.", Opening_message="What is virtue?")
    await sam.go()
    await sam.page.get_by_role("link", name="Socrates", exact=True).click()
    await expect(sam.page.get_by_role("heading", name="Socrates")).to_be_visible()
    await expect(sam.page.get_by_text("What is virtue?")).to_be_visible()
    await sam.ask("Courage")
    await expect(await sam.answer()).to_contain_text("Courage")
    await expect(sam.page.get_by_text("What is virtue?")).to_be_hidden()
    asked = service.journal()[-1]["body"]
    assert asked["model"] == "echo"
    assert [line["content"] for line in asked["messages"]] == ["Ask back.", "Courage"]
    await _delete(sam, "Socrates")


@pytest.mark.thorough
async def test_its_parameters_are_sent_and_later_changes_are_not(
    visit: Visit, service: Service
) -> None:
    sam = await visit("sam")
    page = sam.page
    await _make(sam, "Cold")
    await page.get_by_role("link", name="Edit Cold").click()
    await page.get_by_text("Parameters: temperature").click()
    await page.get_by_label("Temperature").fill("0.25")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("link", name="Cold", exact=True).click()
    await sam.ask("One")
    await sam.answer()
    chat = await sam.path()
    await _delete(sam, "Cold")
    await sam.go(chat)
    await sam.ask("Two")
    await sam.answer(number=1)
    assert [row["body"]["temperature"] for row in service.journal()[-2:]] == [0.25, 0.25]


@pytest.mark.thorough
async def test_deleting_is_taken_back(visit: Visit) -> None:
    sam = await visit("sam")
    await _make(sam, "Second thoughts")
    await _delete(sam, "Second thoughts")
    await sam.page.get_by_role("button", name="Undo").click()
    await expect(sam.page.get_by_role("status")).to_contain_text("is here again")
    await _delete(sam, "Second thoughts")


async def test_the_palette_begins_a_chat_with_one(visit: Visit) -> None:
    sam = await visit("sam")
    await _make(sam, "Gardener")
    await sam.go()
    await sam.page.keyboard.press("Control+k")
    await sam.page.keyboard.type("gardener")
    await expect(
        sam.page.locator("chat-palette").get_by_role("option", selected=True)
    ).to_contain_text("Gardener")
    await sam.page.keyboard.press("Enter")
    await expect(sam.page.get_by_role("heading", name="Gardener")).to_be_visible()
    await expect(sam.message).to_be_focused()
    await _delete(sam, "Gardener")


@pytest.mark.thorough
async def test_an_administrator_makes_one_for_everybody(visit: Visit) -> None:
    ada, sam = await visit("ada", "admin/conversations/preset/add/"), await visit("sam")
    await ada.page.get_by_label("Name:").fill("House style")
    await ada.page.get_by_label("System prompt:").fill("Be brief.")
    await ada.page.get_by_role("button", name="Save", exact=True).click()
    await sam.go()
    await sam.page.get_by_role("link", name="House style").click()
    await expect(sam.page.get_by_role("heading", name="House style")).to_be_visible()
    await sam.page.get_by_role("button", name="System prompt").click()
    await expect(sam.page.get_by_label("What every answer")).to_have_value("Be brief.")
    await ada.page.get_by_role("link", name="House style").first.click()
    await ada.page.get_by_role("link", name="Delete").click()
    await ada.page.get_by_role("button", name="Yes").click()
    await sam.go()
    await expect(sam.page.get_by_role("link", name="House style")).to_have_count(0)


async def test_a_chat_is_made_a_preset(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.page.get_by_role("button", name="System prompt").click()
    await sam.page.get_by_label("What every answer").fill("In rhymes.")
    await sam.page.keyboard.press("Escape")
    await sam.ask("A winter's day", "echo")
    await sam.answer()
    await sam.page.get_by_role("button", name="System prompt").click()
    await sam.page.get_by_role("link", name="Make a preset of this chat").click()
    await expect(sam.page.get_by_label("Name", exact=True)).to_have_value("A winter's day")
    await expect(sam.page.get_by_label("System prompt")).to_have_value("In rhymes.")


@pytest.mark.thorough
async def test_all_of_it_works_without_scripts(visit: Visit, service: Service) -> None:
    sam = await visit("sam", java_script_enabled=False)
    await _make(sam, "Plain", System_prompt="Be plain.")
    await sam.page.get_by_role("link", name="Plain", exact=True).click()
    await sam.message.fill("Hello")
    await sam.page.get_by_role("button", name="Send").click()
    await sam.answer()
    assert service.journal()[-1]["body"]["messages"][0]["content"] == "Be plain."
    await _delete(sam, "Plain")


@pytest.mark.thorough
async def test_its_pages_are_accessible(visit: Visit) -> None:
    sam = await visit("sam")
    await _make(sam, "Axel", Opening_message="Hello")
    assert await offences(sam.page) == []
    await sam.page.get_by_role("link", name="Edit Axel").click()
    assert await offences(sam.page) == []
    await sam.go("presets/")
    await sam.page.get_by_role("link", name="Axel", exact=True).click()
    assert await offences(sam.page) == []
    await _delete(sam, "Axel")
