"""Two pages of one conversation: what is done in one shows in the other, which keeps its own."""

import asyncio
import re

import pytest
from playwright.async_api import Route, WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

#: As a browser does with a tab that is not in front.
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

COUNTED = [f"word{number}" for number in range(40)]


async def _two_tabs(visit: Visit, question: str = "First") -> tuple[Visitor, Visitor]:
    ada = await visit()
    await ada.ask(question, "echo")
    await ada.answer()
    return ada, await visit(path=await ada.path())


async def test_a_question_asked_in_another_tab_comes_with_its_growing_answer(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    await other.message.fill("half a thought")
    await ada.ask("Count", "slow-40x50")
    await expect(other.questions).to_have_text([re.compile("First"), re.compile("Count")])
    await expect(other.answers.last).to_contain_text("word5")
    await expect(other.answers.last).to_have_attribute("aria-busy", "true")
    await other.answer()
    assert (await other.prose()).split() == COUNTED
    await expect(other.message).to_have_value("half a thought")


async def test_another_answer_takes_the_place_of_the_first(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    first = await other.answers.last.get_attribute("id")
    await ada.answers.last.get_by_role("button", name="Regenerate").click()
    await expect(other.page.locator(f"#{first}")).to_have_count(0)
    await other.answer()
    await expect(other.answers).to_have_count(1)


@pytest.mark.thorough
async def test_a_continued_answer_goes_on(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await ada.page.get_by_role("button", name="Stop").click()
    await ada.answer("stopped")
    other = await visit(path=await ada.path())
    await other.answer("stopped")
    await ada.answers.last.get_by_role("button", name="Continue").click()
    await expect(other.answers.last).to_have_attribute("aria-busy", "true")
    await other.answer()
    await ada.answer()
    assert await other.prose() == await ada.prose()


async def test_a_new_name_stands_in_the_header_the_title_and_the_list(visit: Visit) -> None:
    ada, other = await _two_tabs(visit, "Old name")
    await _rename(ada, "New name")
    await expect(other.page.get_by_role("heading", name="New name")).to_be_visible()
    await expect(other.page).to_have_title("New name – Chatsite")
    await expect(other.sidebar.locator("li [aria-current]")).to_have_text("New name")


@pytest.mark.thorough
async def test_what_is_typed_in_the_header_outlives_a_new_name(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    await other.page.get_by_role("button", name="System prompt").click()
    prompt = other.page.locator("#system textarea")
    await prompt.fill("Be brief")
    await _rename(ada, "Named meanwhile")
    await expect(other.page.get_by_role("heading", name="Named meanwhile")).to_be_visible()
    await expect(prompt).to_be_focused()
    await expect(prompt).to_have_value("Be brief")


async def test_a_deleted_chat_says_so_keeps_the_text_and_comes_back(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    async with other.page.expect_response("**/draft/"):
        await other.message.fill("half a thought")
    await ada.sidebar.locator(".row:has([aria-current]) summary").click()
    await ada.sidebar.get_by_role("button", name="Delete").click()
    notice = other.page.get_by_text("This chat was deleted")
    await expect(notice).to_be_visible()
    await expect(other.message).to_have_value("half a thought")
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(notice).to_be_hidden()


@pytest.mark.thorough
async def test_the_deleting_can_be_undone_in_the_other_tab(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    path = await ada.path()
    await ada.sidebar.locator(".row:has([aria-current]) summary").click()
    await ada.sidebar.get_by_role("button", name="Delete").click()
    await other.page.locator("#chat-gone").get_by_role("button", name="Undo").click()
    await expect(other.page.get_by_text("This chat was deleted")).to_be_hidden()
    await ada.go(path)
    await expect(ada.answers).to_have_count(1)


async def test_the_model_of_the_chat_is_picked_where_no_other_was(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    await ada.ask("With another", "slow-40x50")
    picker = other.page.get_by_label("Model", exact=True)
    await expect(picker.locator("option:checked")).to_have_text("slow-40x50")


@pytest.mark.thorough
async def test_what_a_tab_does_itself_it_does_not_fetch(visit: Visit) -> None:
    ada, _other = await _two_tabs(visit)
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url))
    await ada.ask("Second", "echo")
    await ada.answer(number=1)
    await _rename(ada, "Mine")
    await ada.answers.last.get_by_role("button", name="Regenerate").click()
    await ada.answer(number=1)
    await ada.page.wait_for_timeout(5000)
    assert not [url for url in asked if "/changes/" in url]


async def _rename(visitor: Visitor, title: str) -> None:
    header = visitor.page.locator("chat-header")
    await header.locator("summary").click()
    await header.get_by_role("textbox", name="Title").fill(title)
    await header.get_by_role("button", name="Rename").click()
    await expect(visitor.page.get_by_role("heading", name=title)).to_be_visible()


@pytest.mark.thorough
async def test_a_word_of_the_server_that_is_lost_is_made_up_for(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    lost: list[str | bytes] = []

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(frame: str | bytes) -> None:
            if not lost and "changed" in str(frame):
                lost.append(frame)
            else:
                socket.send(frame)

        server.on_message(pass_on)

    await other.page.route_web_socket(re.compile("/ws/chat/"), connect)
    await other.page.reload()
    await ada.ask("Second", "echo")
    await expect(other.questions).to_have_count(2)
    assert lost


@pytest.mark.thorough
async def test_a_page_without_a_socket_follows_too(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    await other.page.route_web_socket(re.compile("/ws/chat/"), lambda socket: None)
    async with other.page.expect_request("**/updates/"):
        await other.page.reload()
    await ada.ask("Count", "slow-40x50")
    await expect(other.answers.last).to_contain_text("word5")
    await other.answer(number=1)
    await _rename(ada, "Named meanwhile")
    await expect(other.page.get_by_role("heading", name="Named meanwhile")).to_be_visible()


@pytest.mark.thorough
async def test_a_hidden_page_waits_until_it_is_shown(visit: Visit) -> None:
    ada, other = await _two_tabs(visit)
    await other.page.evaluate(HIDE, True)
    await ada.ask("Second", "echo")
    await ada.answer(number=1)
    await other.page.wait_for_timeout(3000)
    assert await other.questions.count() == 1
    await other.page.evaluate(HIDE, False)
    await expect(other.questions).to_have_count(2)


@pytest.mark.thorough
async def test_the_list_follows_new_chats_names_and_deletings(visit: Visit) -> None:
    other = await visit()
    ada = await visit()
    await ada.ask("Begun elsewhere", "slow-40x50")
    rows = other.sidebar.get_by_role("listitem")
    await expect(rows.first.get_by_role("link")).to_have_text("Begun elsewhere")
    await expect(rows.first.get_by_role("img", name="An answer is being")).to_be_visible()
    await _rename(ada, "Named elsewhere")
    await expect(rows.first.get_by_role("link")).to_have_text("Named elsewhere")
    await ada.sidebar.locator(".row:has([aria-current]) summary").click()
    await ada.sidebar.get_by_role("button", name="Delete").click()
    await expect(rows.get_by_text("Named elsewhere")).to_have_count(0)


async def test_a_menu_that_is_opened_while_the_list_comes_stays_open(visit: Visit) -> None:
    other, ada = await visit(), await visit()
    await ada.ask("There already", "echo")
    await ada.answer()
    row = other.sidebar.get_by_role("listitem").first
    await expect(row.get_by_role("link")).to_have_text("There already")
    asked, opened = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await opened.wait()
        await route.continue_()

    await other.page.route("**/c/?*", hold)
    await _rename(ada, "Named elsewhere")
    await asked.wait()
    await row.locator("summary").click()
    await expect(row.get_by_role("button", name="Delete")).to_be_visible()
    async with other.page.expect_response("**/c/?*"):
        opened.set()
    await other.page.wait_for_timeout(300)
    await expect(row.get_by_role("button", name="Delete")).to_be_visible()


@pytest.mark.thorough
async def test_its_own_changes_cost_a_page_no_look_at_the_list(visit: Visit) -> None:
    ada = await visit()
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url))
    await ada.ask("Only mine", "echo")
    await ada.answer()
    await _rename(ada, "Mine alone too")
    await ada.page.wait_for_timeout(1500)
    assert not [url for url in asked if "/c/?" in url]
