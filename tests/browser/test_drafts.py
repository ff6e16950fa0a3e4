"""What is typed and not sent: there again after a reload, elsewhere, after a new log-in."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from playwright.async_api import Error, Route, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SAVED = "**/draft/"
HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  Object.defineProperty(document, "visibilityState", { value: "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


async def _typed(visitor: Visitor, text: str) -> None:
    """Types, and waits until it is kept."""
    async with visitor.page.expect_response(SAVED):
        await visitor.message.press_sequentially(text)


async def _conversation(visitor: Visitor) -> str:
    await visitor.ask("First", "echo")
    await visitor.answer()
    return await visitor.path()


async def test_it_is_there_on_another_device(visit: Visit) -> None:
    ada = await visit()
    path = await _conversation(ada)
    await _typed(ada, "Half a thought")
    elsewhere = await visit(path=path)
    await expect(elsewhere.message).to_have_value("Half a thought")
    await elsewhere.go()
    await expect(elsewhere.message).to_have_value("")


@pytest.mark.thorough
async def test_it_is_kept_on_leaving_at_once(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.message.fill("Typed and gone")
    await sam.page.close()
    later = await visit("sam")
    await expect(later.message).to_have_value("Typed and gone")
    await later.message.fill("")
    async with later.page.expect_response(SAVED):
        pass


@pytest.mark.thorough
async def test_a_save_that_is_slow_is_not_stored_after_a_newer_one(visit: Visit) -> None:
    sam = await visit("sam")
    held: list[Route] = []
    await sam.page.route(SAVED, _hold_the_first(held))
    async with sam.page.expect_request(SAVED):
        await sam.message.fill("Older")
    async with sam.page.expect_response(SAVED):
        await sam.message.fill("Newer")
        await sam.page.evaluate(HIDE)
    with suppress(Error):
        await held[0].continue_()
    await sam.page.wait_for_timeout(500)
    later = await visit("sam")
    await expect(later.message).to_have_value("Newer")
    await sam.page.unroute_all(behavior="ignoreErrors")


def _hold_the_first(held: list[Route]) -> Callable[[Route], Awaitable[None]]:
    async def pass_on(route: Route) -> None:
        if held:
            await route.continue_()
        else:
            held.append(route)

    return pass_on


async def test_what_is_sent_does_not_come_back(visit: Visit) -> None:
    ada = await visit()
    path = await _conversation(ada)
    await _typed(ada, "Second")
    await ada.message.press("Enter")
    await ada.answer(number=1)
    await ada.page.wait_for_timeout(1000)
    await ada.go(path)
    await expect(ada.message).to_have_value("")


async def test_a_second_tab_writes_over_nothing_that_is_being_typed(visit: Visit) -> None:
    ada = await visit()
    path = await _conversation(ada)
    await _typed(ada, "From the first")
    other = await Visitor.arrive(ada.context, ada.url, path)
    await _typed(other, " and the second")
    await ada.page.bring_to_front()
    await expect(ada.message).to_have_value("From the first")
    await ada.page.close()
    await other.page.reload()
    await expect(other.message).to_have_value("From the first and the second")


@pytest.mark.thorough
async def test_what_was_typed_while_the_log_in_ran_out_comes_back(visit: Visit) -> None:
    sam = await visit("")
    await sam.log_in("sam")
    path = await _conversation(sam)
    await sam.context.clear_cookies()
    async with sam.page.expect_response(SAVED):
        await sam.message.fill("Typed too late")
    await expect(sam.page.get_by_text("You were signed out.")).to_be_visible()
    other = await Visitor.arrive(sam.context, sam.url, "")
    await other.log_in("sam")
    async with sam.page.expect_response(lambda response: response.status == 204):
        await sam.page.bring_to_front()
        await sam.page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(sam.page.get_by_text("You were signed out.")).to_be_hidden()
    await sam.go(path)
    await expect(sam.message).to_have_value("Typed too late")
    sam.forgive("401")
    sam.forgive("403")


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "The server did not answer"), (500, "The server failed"), (413, "longer than 256 KB")],
)
async def test_a_send_that_fails_keeps_its_text_and_says_so(
    visit: Visit, status: int, words: str
) -> None:
    ada = await visit()
    await ada.page.route(
        "**/c/",
        lambda route: route.fulfill(status=status, body="x") if status else route.abort(),
    )
    await ada.ask("Keep me", "echo")
    await expect(ada.page.get_by_role("alert")).to_contain_text(words)
    await expect(ada.message).to_have_value("Keep me")
    ada.forgive("net::ERR_FAILED" if status == 0 else str(status))
    ada.complaints = []
    await ada.page.unroute("**/c/")
    again = ada.page.get_by_role("button", name="Try again")
    await (again.click() if status != 413 else ada.message.press("Enter"))
    await expect(await ada.answer()).to_contain_text("Keep me")
    assert await ada.questions.count() == 1
