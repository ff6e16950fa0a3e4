"""The page says what it waits for and what is the matter with it, and is quiet otherwise."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}
#: All that the page's live regions say from now on.
LISTEN = """() => {
  window.heard = [];
  const options = { childList: true, subtree: true, characterData: true };
  const regions = document.querySelectorAll("[role=status], [role=alert], [aria-live=polite]");
  for (const region of regions) {
    const hear = () => region.textContent.trim() && heard.push(region.textContent.trim());
    new MutationObserver(hear).observe(region, options);
  }
}"""


async def _slowly(route: Route) -> None:
    await asyncio.sleep(1.6)
    await route.continue_()


async def _late_and_empty(route: Route) -> None:
    """The browser stays where it is: nobody can look at a page that it is about to leave."""
    await asyncio.sleep(1.6)
    await route.fulfill(status=204)


async def test_what_takes_longer_than_a_second_is_told(visit: Visit) -> None:
    ada = await visit(viewport=WIDE)
    await ada.page.route("**/c/?q=*", _slowly)
    await ada.sidebar.get_by_role("searchbox").fill("anything")
    told = ada.page.get_by_text("Searching…")
    await expect(told).to_be_visible()
    await expect(told).to_have_count(0)


async def test_what_is_answered_at_once_is_not_told(visit: Visit) -> None:
    ada = await visit(viewport=WIDE)
    await ada.page.evaluate(LISTEN)
    await ada.sidebar.get_by_role("searchbox").fill("anything")
    await expect(ada.sidebar).to_contain_text("No title holds")
    assert await ada.page.evaluate("heard") == []


@pytest.mark.thorough
async def test_a_form_that_leads_to_another_page_is_told_too(visit: Visit) -> None:
    stranger = await visit("", path="accounts/login/")
    await stranger.page.route("**/accounts/login/", _late_and_empty)
    await stranger.page.get_by_role("textbox", name="Username").fill("nobody")
    await stranger.page.get_by_role("textbox", name="Password").fill("wrong")
    await stranger.page.get_by_role("textbox", name="Password").press("Enter", no_wait_after=True)
    told = stranger.page.get_by_text("Waiting for the server…")
    await expect(told).to_be_visible()


async def test_an_answer_is_told_at_its_begin_and_its_end_and_not_between(visit: Visit) -> None:
    ada = await visit()
    await ada.page.evaluate(LISTEN)
    await ada.ask("Count", "slow-40x50")
    await ada.answer()
    assert await ada.page.evaluate("heard") == [
        "The answer is being written.",
        "The answer is finished.",
    ]


async def test_who_is_offline_is_told_so_until_they_are_back(visit: Visit) -> None:
    ada = await visit()
    told = ada.page.get_by_text("You are offline.")
    # What is loaded last would complain.
    await ada.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await ada.context.set_offline(True)
    await expect(told).to_be_visible()
    await ada.context.set_offline(False)
    await expect(told).to_be_hidden()
