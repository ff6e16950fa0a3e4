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
