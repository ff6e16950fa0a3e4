"""What fell out of a chat's tokens: its summary in the thread, edited, and in what is sent; and
the title that a model writes."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Service, Visit
from tests.browser.test_context import chat, gauge, panel
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LONG = "word " * 40


def card(visitor: Visitor) -> Locator:
    return visitor.log.get_by_role("group", name="Summary", exact=True)


async def keep_a_summary(
    visitor: Visitor, tokens: int, model: str = "", *, close: bool = True
) -> None:
    await gauge(visitor).click()
    await panel(visitor).get_by_role("radio", name="A rolling summary").check()
    await panel(visitor).get_by_role("spinbutton", name="with the summary").fill(str(tokens))
    if model:
        names = panel(visitor).get_by_label("Summaries are written by")
        await names.select_option(label=model)
    await expect(panel(visitor)).to_contain_text("You pay for its tokens")
    async with visitor.page.expect_response("**/context/*"):
        await panel(visitor).get_by_role("button", name="Save").click()
    if close:
        await panel(visitor).get_by_role("button", name="Close").click()


async def outgrown(visitor: Visitor, model: str = "") -> None:
    """A chat whose beginning does not fit into its tokens; the service counts few of them."""
    await chat(visitor, f"One {LONG}", f"Two {LONG}", f"Three {LONG}")
    await keep_a_summary(visitor, 150, model)


async def test_what_fell_out_is_summarised_edited_and_sent(visit: Visit, service: Service) -> None:
    ada = await visit()
    await outgrown(ada)
    await expect(card(ada)).to_contain_text("Summary of the messages above")
    await card(ada).locator("summary").click()
    await card(ada).get_by_role("button", name="Edit").click()
    text = ada.page.get_by_role("textbox", name="Edited summary")
    await expect(text).to_be_focused()
    await text.fill("They counted.\nNothing else.")
    await ada.page.get_by_role("button", name="Save").click()
    await expect(card(ada)).to_contain_text("edited")
    await ada.ask("Four")
    await expect(ada.answers).to_have_count(4)
    await ada.answer()
    sent = [each["body"]["messages"] for each in service.journal()]
    [system, *rest] = next(each for each in reversed(sent) if each[-1]["content"] == "Four")
    assert system["content"].endswith("They counted.\nNothing else.")
    assert not any("One" in each["content"] for each in rest)


async def test_what_will_be_sent_is_told_anew_when_it_comes(visit: Visit) -> None:
    ada = await visit()
    await chat(ada, f"One {LONG}", f"Two {LONG}", f"Three {LONG}")
    await keep_a_summary(ada, 150, close=False)
    rows = panel(ada).get_by_role("listitem")
    await expect(rows.first).to_contain_text("Sent with the system prompt")
    await expect(panel(ada).get_by_role("button", name="Save")).to_be_focused()


@pytest.mark.thorough
async def test_what_will_be_sent_tells_of_it(visit: Visit) -> None:
    ada = await visit()
    await outgrown(ada)
    await expect(card(ada)).to_be_visible()
    await gauge(ada).click()
    rows = panel(ada).get_by_role("listitem")
    await expect(rows.first).to_contain_text("Sent with the system prompt")
    await expect(rows.nth(1)).to_contain_text("the summary tells of it")


@pytest.mark.thorough
async def test_it_comes_and_goes_in_another_tab(visit: Visit) -> None:
    ada = await visit()
    await chat(ada, f"One {LONG}", f"Two {LONG}", f"Three {LONG}")
    other = await visit("ada", await ada.path())
    await keep_a_summary(ada, 150)
    await expect(card(other)).to_be_visible()
    await card(other).locator("summary").click()
    await card(other).get_by_role("button", name="Delete").click()
    await expect(card(other)).to_have_count(0)
    await expect(card(ada)).to_have_count(0)


@pytest.mark.thorough
async def test_what_failed_is_told_and_tried_again(visit: Visit, service: Service) -> None:
    ada = await visit()
    await outgrown(ada, "error-401")
    await expect(card(ada)).to_contain_text("The service refused the key")
    before = len(service.journal())
    async with ada.page.expect_response("**/summary/again/"):
        await card(ada).get_by_role("button", name="Try again").click()
    await expect(card(ada)).to_contain_text("The service refused the key")
    assert len(service.journal()) > before


async def test_what_is_being_edited_stays_whatever_comes(visit: Visit) -> None:
    ada = await visit()
    await outgrown(ada)
    await card(ada).locator("summary").click()
    await card(ada).get_by_role("button", name="Edit").click()
    await ada.page.get_by_role("textbox", name="Edited summary").fill("Half a")
    other = await visit("ada", await ada.path())
    await card(other).locator("summary").click()
    await card(other).get_by_role("button", name="Delete").click()
    await expect(card(other)).to_have_count(0)
    await expect(ada.page.get_by_role("textbox", name="Edited summary")).to_have_value("Half a")
    ada.page.on("dialog", lambda dialog: dialog.accept())


@pytest.mark.thorough
@pytest.mark.parametrize("width", [390, 1440])
async def test_all_of_it_works_without_javascript(visit: Visit, width: int) -> None:
    sam = await visit("sam")
    await outgrown(sam)
    await expect(card(sam)).to_be_visible()
    size = {"width": width, "height": 844}
    plain = await visit("sam", await sam.path(), java_script_enabled=False, viewport=size)
    await card(plain).locator("summary").click()
    await card(plain).get_by_role("button", name="Edit").click()
    await plain.page.get_by_role("textbox", name="Edited summary").fill("Mine.")
    await plain.page.get_by_role("button", name="Save").click()
    await expect(card(plain)).to_contain_text("edited")
    assert await plain.page.locator("html").evaluate("it => it.scrollWidth") == width


async def test_a_title_is_written_by_the_model_that_was_picked(visit: Visit) -> None:
    sam = await visit("sam", "titles/")
    await sam.page.get_by_label("Titles of new chats are").select_option("written by echo")
    await sam.page.get_by_role("button", name="Save").click()
    await sam.go()
    await sam.ask("Why is the sky blue?", "slow-40x50")
    await sam.answer()
    # What the echo says first.
    await expect(sam.page.get_by_role("heading", name="User:")).to_be_visible()
    await expect(sam.sidebar.get_by_role("link", name="User:").first).to_be_visible()
    await sam.go("titles/")
    await sam.page.get_by_label("Titles of new chats are").select_option(index=0)
    await sam.page.get_by_role("button", name="Save").click()
