"""Where the keyboard is after what it pressed has gone from the page."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LOW = {"width": 900, "height": 500}


async def _press(button: Locator) -> None:
    await button.focus()
    await button.press("Enter")


async def _asked(visitor: Visitor, text: str) -> None:
    await visitor.ask(text, "echo")
    await visitor.answer()


async def _open_options(visitor: Visitor, title: str) -> Locator:
    row = visitor.sidebar.get_by_role("listitem").filter(has_text=title).first
    await _press(row.locator("summary"))
    return row


async def test_after_stop_it_is_in_the_composer(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await _press(ada.page.get_by_role("button", name="Stop"))
    await ada.answer("stopped")
    await expect(ada.message).to_be_focused()


@pytest.mark.thorough
async def test_after_regenerate_it_is_in_the_composer(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Again")
    before = await ada.answers.last.get_attribute("id")
    await _press(ada.answers.last.get_by_role("button", name="Regenerate"))
    await expect(ada.answers.last).not_to_have_attribute("id", before or "")
    await expect(ada.message).to_be_focused()


async def test_after_jumping_to_the_latest_it_is_in_the_composer(visit: Visit) -> None:
    ada = await visit(viewport=LOW)
    await _asked(ada, "line\n\n" * 60)
    await ada.scroll_up()
    await _press(ada.page.get_by_role("button", name="Jump to latest"))
    await expect(ada.message).to_be_focused()


@pytest.mark.thorough
async def test_after_showing_earlier_messages_it_is_on_the_next_ones_or_in_the_composer(
    visit: Visit,
) -> None:
    ada = await visit(viewport=LOW)
    await _asked(ada, "one")
    for number in range(1, 41):
        await ada.ask(f"{number}")
        await ada.answer(number=number)
    await ada.page.reload()
    earlier = ada.page.get_by_role("link", name="Show earlier messages")
    await _press(earlier)
    await expect(ada.questions).to_have_count(40)
    await expect(earlier).to_be_focused()
    await earlier.press("Enter")
    await expect(ada.questions).to_have_count(41)
    await expect(ada.message).to_be_focused()


async def test_after_renaming_it_is_on_the_row(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Renamed by key")
    row = await _open_options(ada, "Renamed by key")
    title = row.get_by_role("textbox", name="Title")
    await title.fill("Has another title")
    await title.press("Enter")
    await expect(ada.sidebar.get_by_role("link", name="Has another title")).to_be_focused()


async def test_after_renaming_in_the_header_it_is_on_the_title(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Renamed by key")
    header = ada.page.locator("#chat-header")
    await _press(header.locator("summary"))
    title = header.get_by_role("textbox", name="Title")
    await title.fill("Has another title")
    await title.press("Enter")
    await expect(header.get_by_role("heading")).to_have_text("Has another title")
    await expect(header.locator("summary")).to_be_focused()


async def test_after_deleting_it_is_on_a_neighbour_and_after_undo_on_the_row(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "A neighbour")
    await ada.go()
    await _asked(ada, "Deleted by key")
    await ada.go()
    row = await _open_options(ada, "Deleted by key")
    await _press(row.get_by_role("button", name="Delete"))
    await expect(ada.sidebar.get_by_role("link", name="A neighbour").first).to_be_focused()
    await _press(ada.page.get_by_role("button", name="Undo"))
    await expect(ada.sidebar.get_by_role("link", name="Deleted by key")).to_be_focused()


@pytest.mark.thorough
async def test_what_the_reader_left_is_not_taken_up_again(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Left alone")
    await ada.answers.last.get_by_role("button", name="Regenerate").focus()
    await ada.page.evaluate("document.activeElement.blur()")
    await ada.ask("Count", "slow-40x50")
    await ada.page.evaluate("document.activeElement.blur()")
    await ada.answer(number=1)
    await expect(ada.page.locator("body")).to_be_focused()
