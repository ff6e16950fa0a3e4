"""With JavaScript off: sign in, send, read the finished answer, browse and search."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


async def test_everything_needed_works_without_javascript(visit: Visit) -> None:
    sam = await visit("", java_script_enabled=False)
    await sam.log_in("sam")
    await sam.pick("slow-40x50")
    await sam.message.fill("Count without scripts")
    await sam.page.get_by_role("button", name="Send").click()
    await expect(sam.questions).to_have_text("Count without scripts", use_inner_text=True)
    # The page asks for itself again until the answer is finished; till then nothing can be typed,
    # since it would be gone.
    await expect(sam.message).to_be_hidden()
    await expect(sam.page.get_by_text("every two seconds")).to_be_visible()
    await sam.answer()
    await expect(sam.message).to_be_visible()
    assert (await sam.prose()).split() == [f"word{number}" for number in range(40)]


@pytest.mark.thorough
async def test_in_a_long_chat_a_send_leads_to_its_question(visit: Visit) -> None:
    sam = await visit("sam", viewport={"width": 900, "height": 500})
    await sam.ask("line\n\n" * 60, "echo")
    await sam.answer()
    plain = await visit("sam", await sam.path(), java_script_enabled=False)
    await plain.pick("slow-40x50")
    await plain.message.fill("Where am I?")
    await plain.page.get_by_role("button", name="Send").click()
    await expect(plain.questions.last).to_have_text("Where am I?", use_inner_text=True)
    await expect(plain.questions.last).to_be_in_viewport()
    await plain.answer()
    await expect(plain.questions.last).to_be_in_viewport()


@pytest.mark.thorough
async def test_a_text_that_is_refused_meanwhile_is_still_there(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("First", "echo")
    await sam.answer()
    plain = await visit("sam", await sam.path(), java_script_enabled=False)
    await sam.ask("Count", "slow-200x50")
    await expect(sam.answers.last).to_contain_text("word1")
    await plain.message.fill("Too early")
    await plain.page.get_by_role("button", name="Send").click()
    await expect(plain.page.get_by_role("alert")).to_contain_text("still being written")
    # Longer than a page that asks for itself would have waited.
    await plain.page.wait_for_timeout(2500)
    await expect(plain.message).to_have_value("Too early")
    await plain.page.get_by_role("button", name="Stop").click()
    await plain.answer("stopped")
    plain.forgive("409 POST")


async def test_the_list_can_be_searched_without_javascript(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("A needle for later", "echo")
    await sam.answer()
    plain = await visit("sam", java_script_enabled=False)
    await plain.page.get_by_role("searchbox").fill("needle")
    await plain.page.get_by_role("searchbox").press("Enter")
    await plain.page.get_by_role("link", name="A needle for later").first.click()
    await expect(plain.answers).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1440])
async def test_the_page_says_what_is_not_there_without_javascript(visit: Visit, width: int) -> None:
    plain = await visit("sam", java_script_enabled=False, viewport={"width": width, "height": 844})
    await expect(plain.page.locator("noscript .notice")).to_contain_text("Everything else works")
    await expect(plain.page.locator("noscript .notice")).to_be_in_viewport()
    assert await plain.page.locator("html").evaluate("it => it.scrollWidth") == width


@pytest.mark.thorough
async def test_a_long_chat_has_a_way_to_its_end(visit: Visit) -> None:
    sam = await visit("sam")
    for text in ("line\n\n" * 60, "The end"):
        await sam.ask(text, "echo")
        await sam.answer()
    plain = await visit("sam", await sam.path(), java_script_enabled=False)
    await plain.page.locator("noscript a.earlier").click()
    await expect(plain.answers.last).to_be_in_viewport()


@pytest.mark.thorough
async def test_what_was_deleted_comes_back_without_javascript(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("Not for long", "echo")
    await sam.answer()
    plain = await visit("sam", f"{await sam.path()}options/", java_script_enabled=False)
    await plain.page.get_by_role("button", name="Delete").click()
    await expect(plain.page.get_by_role("button", name="Close")).to_be_hidden()
    await plain.page.get_by_role("button", name="Undo").click()
    await expect(plain.questions).to_have_text("Not for long", use_inner_text=True)


@pytest.mark.thorough
async def test_a_chat_is_renamed_and_instructed_without_javascript(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("What is it called?", "echo")
    await sam.answer()
    plain = await visit("sam", await sam.path(), java_script_enabled=False)
    await plain.page.locator(".title summary").click()
    await plain.page.locator(".title").get_by_role("textbox").fill("Called this")
    await plain.page.get_by_role("button", name="Rename").first.click()
    await expect(plain.page.get_by_role("heading", name="Called this")).to_be_visible()
    await plain.page.get_by_role("button", name="System prompt").click()
    await plain.page.locator("#system textarea").fill("Be brief.")
    await plain.page.get_by_role("button", name="Save").click()
    await plain.page.get_by_role("button", name="System prompt").click()
    await expect(plain.page.locator("#system textarea")).to_have_value("Be brief.")
