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
    # The page asks for itself again until the answer is finished.
    await sam.answer()
    assert (await sam.prose()).split() == [f"word{number}" for number in range(40)]


async def test_the_list_can_be_searched_without_javascript(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("A needle for later", "echo")
    await sam.answer()
    plain = await visit("sam", java_script_enabled=False)
    await plain.page.get_by_role("searchbox").fill("needle")
    await plain.page.get_by_role("searchbox").press("Enter")
    await plain.page.get_by_role("link", name="A needle for later").first.click()
    await expect(plain.answers).to_have_count(1)
