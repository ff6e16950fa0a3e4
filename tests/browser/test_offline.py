"""Without the site: what can still be read, by whom, and how it goes away again."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

#: Whether the worker is there and has the page; then the page's own part has begun, too.
READY = """async () => {
  await navigator.serviceWorker.ready;
  return navigator.serviceWorker.controller !== null;
}"""
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      found.push(new URL(request.url).pathname);
    }
  }
  return found;
}"""

#: Whether there is a copy of the chat at an address, with an answer that has ended.
WHOLE = """async (path) => {
  const copy = await caches.match(path);
  const text = copy ? await copy.text() : "";
  return text.includes('<p class="model">') && !text.includes("was being written");
}"""


async def _allow(visitor: Visitor, is_on: bool = True) -> None:
    await visitor.go("offline/chats/")
    await visitor.page.get_by_role("switch").set_checked(is_on)


async def _kept(visitor: Visitor) -> list[str]:
    """The addresses of the chats of which the browser has a copy."""
    found = await visitor.page.evaluate(KEPT)
    return [path for path in found if path.startswith("/c/")]


async def _wait_until_kept(visitor: Visitor, path: str) -> None:
    """Until the copy of the chat at `path` has the answer, and not what came of it before."""
    await visitor.until(WHOLE, path)


async def _go_offline(visitor: Visitor) -> None:
    await visitor.until(READY)
    await visitor.context.set_offline(True)


async def _asked(visitor: Visitor, text: str) -> str:
    await visitor.ask(text, "echo")
    await visitor.answer()
    return await visitor.path()


async def test_a_chat_that_may_be_kept_is_read_without_the_site(visit: Visit) -> None:
    sam = await visit("sam")
    await _allow(sam)
    await sam.go()
    path = await _asked(sam, "Keep this **word**")
    await _wait_until_kept(sam, path)
    await _go_offline(sam)
    await sam.page.reload()
    await expect(sam.page.get_by_role("article", name="Assistant")).to_contain_text("Keep this")
    await expect(sam.page.get_by_role("status")).to_contain_text("cannot be reached")
    await expect(sam.page.locator("form, textarea")).to_have_count(0)
    await sam.context.set_offline(False)
    await expect(sam.message).to_be_visible()


@pytest.mark.thorough
async def test_every_other_page_lists_what_is_kept(visit: Visit) -> None:
    sam = await visit("sam")
    await _allow(sam)
    await sam.go()
    await _wait_until_kept(sam, await _asked(sam, "One of the list"))
    await _go_offline(sam)
    await sam.go()
    await expect(sam.page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    await sam.page.get_by_role("link", name="One of the list").click()
    await expect(sam.page.get_by_role("article", name="You")).to_contain_text("One of the list")


async def test_nothing_is_kept_that_nobody_has_allowed(visit: Visit) -> None:
    sam = await visit("sam")
    await _asked(sam, "A secret")
    await sam.page.reload()
    await _go_offline(sam)
    await sam.page.reload()
    await expect(sam.page.get_by_text("No chat is kept")).to_be_visible()
    await expect(sam.page.get_by_text("A secret")).to_have_count(0)


@pytest.mark.thorough
async def test_what_is_switched_off_is_gone(visit: Visit) -> None:
    sam = await visit("sam")
    await _allow(sam)
    await sam.go()
    path = await _asked(sam, "Soon gone")
    await _wait_until_kept(sam, path)
    await _allow(sam, is_on=False)
    await expect(sam.page.get_by_text("No chat is kept")).to_be_visible()
    assert await _kept(sam) == []


@pytest.mark.parametrize(
    "way", ["the menu", pytest.param("the palette", marks=pytest.mark.thorough)]
)
async def test_logging_out_deletes_all_copies_and_the_permission(visit: Visit, way: str) -> None:
    sam = await visit("", "accounts/login/")
    await sam.log_in("sam")
    await _allow(sam)
    await sam.go()
    path = await _asked(sam, "Gone with me")
    await _wait_until_kept(sam, path)
    if way == "the menu":
        await sam.open_menu()
        await sam.page.get_by_role("button", name="Log out").click()
    else:
        await sam.page.keyboard.press("Control+k")
        await sam.page.get_by_role("option", name="Log out").click()
    await expect(sam.page.get_by_role("heading", name="Log in")).to_be_visible()
    assert await _kept(sam) == []
    await sam.context.set_offline(True)
    await sam.page.evaluate("setTimeout(() => history.back())")
    await expect(sam.page.get_by_text("Gone with me")).to_have_count(0)
    sam.complaints.clear()


async def test_the_next_user_of_a_browser_finds_no_copy(visit: Visit) -> None:
    sam = await visit("sam")
    await _allow(sam)
    await sam.go()
    await _wait_until_kept(sam, await _asked(sam, "Not for Ada"))
    # Sam's session ran out with no page open, and Ada logs in.
    await sam.page.goto("about:blank")
    await sam.context.clear_cookies()
    await sam.go("accounts/login/")
    await sam.log_in("ada")
    await sam.go("offline/chats/")
    await expect(sam.page.get_by_role("switch")).not_to_be_checked()
    assert await _kept(sam) == []


@pytest.mark.thorough
async def test_the_copy_of_a_deleted_chat_goes_with_it(visit: Visit) -> None:
    sam = await visit("sam")
    await _allow(sam)
    await sam.go()
    path = await _asked(sam, "Delete me")
    await _wait_until_kept(sam, path)
    elsewhere = await visit("sam", f"{path}options/", java_script_enabled=False)
    await elsewhere.page.get_by_role("button", name="Delete").click()
    await sam.go()
    await sam.until("async (path) => !(await caches.match(path))", path)


async def test_without_javascript_the_page_says_that_it_needs_it(visit: Visit) -> None:
    plain = await visit("sam", "offline/chats/", java_script_enabled=False)
    await expect(plain.page.locator("noscript p")).to_be_visible()
    await expect(plain.page.get_by_role("switch")).to_be_disabled()
