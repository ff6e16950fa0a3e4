"""What is there tomorrow: the list, its changes, and who sees it."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


async def _asked(visitor: Visitor, text: str) -> str:
    """A conversation with one answer; gives its path."""
    await visitor.ask(text, "echo")
    await visitor.answer()
    return await visitor.path()


async def _open_options(visitor: Visitor, title: str) -> None:
    await visitor.sidebar.get_by_role("listitem").filter(has_text=title).locator("summary").click()


async def test_a_chat_is_listed_under_its_question(visit: Visit) -> None:
    ada = await visit()
    path = await _asked(ada, "What is a lighthouse?")
    link = ada.sidebar.get_by_role("link", name="What is a lighthouse?")
    await expect(link).to_have_count(1)
    await ada.go()
    await link.first.click()
    assert await ada.path() == path
    await expect(ada.answers).to_have_count(1)


async def test_a_chat_can_be_renamed(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "A title to change")
    await _open_options(ada, "A title to change")
    row = ada.sidebar.get_by_role("listitem").filter(has_text="A title to change")
    await row.get_by_role("textbox", name="Title").fill("Quite a different name")
    await row.get_by_role("button", name="Rename").click()
    await expect(ada.sidebar.get_by_role("link", name="Quite a different name")).to_be_visible()
    await ada.page.reload()
    await expect(ada.page.get_by_role("heading", name="Quite a different name")).to_be_visible()


async def test_a_refused_title_is_told_beside_its_field(visit: Visit) -> None:
    ada = await visit(viewport={"width": 390, "height": 844}, has_touch=True)
    await _asked(ada, "Needs a title")
    await ada.page.get_by_role("button", name="Open the conversations").click()
    await _open_options(ada, "Needs a title")
    row = ada.sidebar.get_by_role("listitem").filter(has_text="Needs a title")
    title = row.get_by_role("textbox", name="Title")
    await title.fill("   ")
    await title.press("Enter")
    await expect(row.get_by_role("alert")).to_have_text("A title needs at least one character.")
    await expect(title).to_be_focused()
    await expect(title).to_have_accessible_description("A title needs at least one character.")
    await title.fill("Has a title")
    await title.press("Enter")
    await expect(ada.sidebar.get_by_role("link", name="Has a title")).to_be_visible()
    ada.forgive("422 POST")


@pytest.mark.thorough
async def test_a_refused_title_is_told_in_the_header(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Needs a title above")
    header = ada.page.locator("chat-header")
    await header.locator("summary").click()
    title = header.get_by_role("textbox", name="Title")
    await title.fill("   ")
    await title.press("Enter")
    await expect(header.get_by_role("alert")).to_have_text("A title needs at least one character.")
    await title.fill("Has a title above")
    await title.press("Enter")
    await expect(ada.page.get_by_role("heading", name="Has a title above")).to_be_visible()
    await expect(ada.sidebar.get_by_role("link", name="Has a title above")).to_be_visible()
    ada.forgive("422 POST")


@pytest.mark.thorough
async def test_a_change_to_one_row_leaves_the_search_and_the_other_rows(visit: Visit) -> None:
    ada = await visit()
    for title in ("Thimble one", "Thimble two"):
        await ada.go()
        await _asked(ada, title)
    await ada.go()
    await ada.page.get_by_role("searchbox").fill("thimble")
    rows = ada.sidebar.locator(".row")
    await expect(rows).to_have_count(2)
    await _open_options(ada, "Thimble one")
    await rows.last.get_by_role("textbox", name="Title").fill("Thimble three")
    await rows.last.get_by_role("button", name="Rename").click()
    await expect(rows.last.get_by_role("link").first).to_have_text("Thimble three")
    await _open_options(ada, "Thimble two")
    await rows.first.get_by_role("button", name="Delete").click()
    await expect(rows).to_have_count(1)
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(rows.locator("> a")).to_have_text(["Thimble two", "Thimble three"])
    await expect(ada.page.get_by_role("searchbox")).to_have_value("thimble")


@pytest.mark.thorough
async def test_undo_brings_a_row_back_into_another_search(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Thread alone")
    await ada.go()
    await ada.page.get_by_role("searchbox").fill("thread alone")
    rows = ada.sidebar.locator(".row")
    await expect(rows).to_have_count(1)
    await _open_options(ada, "Thread alone")
    await rows.get_by_role("button", name="Delete").click()
    await expect(ada.sidebar.get_by_text("No title holds “thread alone”.")).to_be_visible()
    await ada.page.get_by_role("searchbox").fill("thread")
    await expect(ada.sidebar.get_by_text("No title holds “thread”.")).to_be_visible()
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(rows.locator("> a")).to_have_text(["Thread alone"])


async def test_a_deleted_chat_can_be_brought_back(visit: Visit) -> None:
    ada = await visit()
    path = await _asked(ada, "Delete me for a while")
    await ada.go()
    await _open_options(ada, "Delete me for a while")
    row = ada.sidebar.get_by_role("listitem").filter(has_text="Delete me for a while")
    await row.get_by_role("button", name="Delete").click()
    link = ada.sidebar.get_by_role("link", name="Delete me for a while")
    await expect(link).to_have_count(0)
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(link).to_have_count(1)
    await ada.go(path)
    await expect(ada.answers).to_have_count(1)


@pytest.mark.thorough
async def test_on_a_phone_undo_is_within_reach_of_the_drawer(visit: Visit) -> None:
    ada = await visit(viewport={"width": 390, "height": 844}, has_touch=True)
    await _asked(ada, "Deleted with a thumb")
    await ada.go()
    await ada.page.get_by_role("button", name="Open the conversations").click()
    await _open_options(ada, "Deleted with a thumb")
    link = ada.sidebar.get_by_role("link", name="Deleted with a thumb")
    row = ada.sidebar.get_by_role("listitem").filter(has_text="Deleted with a thumb")
    await row.get_by_role("button", name="Delete").click()
    await expect(link).to_have_count(0)
    await ada.page.get_by_role("button", name="Undo").tap()
    await expect(link).to_be_visible()


@pytest.mark.thorough
async def test_undoing_the_open_chat_leads_back_to_it(visit: Visit) -> None:
    ada = await visit()
    path = await _asked(ada, "Open, deleted and back")
    await _open_options(ada, "Open, deleted and back")
    row = ada.sidebar.get_by_role("listitem").filter(has_text="Open, deleted and back")
    await row.get_by_role("button", name="Delete").click()
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(ada.answers).to_have_count(1)
    assert await ada.path() == path


async def test_deleting_the_open_chat_offers_the_way_back(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Open and deleted")
    await _open_options(ada, "Open and deleted")
    row = ada.sidebar.get_by_role("listitem").filter(has_text="Open and deleted")
    await row.get_by_role("button", name="Delete").click()
    await expect(ada.page.get_by_role("button", name="Undo")).to_be_visible()
    assert await ada.path() == "/"


async def test_another_user_sees_nothing_of_it(visit: Visit) -> None:
    ada = await visit()
    path = await _asked(ada, "Mine alone")
    sam = await visit("sam")
    await expect(sam.sidebar).not_to_contain_text("Mine alone")
    response = await sam.page.goto(sam.url + path.lstrip("/"))
    assert response is not None
    assert response.status == 404
    sam.forgive("404 GET")


async def test_logging_out_ends_and_logging_in_brings_all_back(visit: Visit) -> None:
    sam = await visit("")
    await sam.log_in("sam")
    await _asked(sam, "Still here tomorrow")
    await sam.open_menu()
    await sam.page.get_by_role("button", name="Log out").click()
    await expect(sam.page.get_by_role("button", name="Log in")).to_be_visible()
    await sam.log_in("sam")
    await expect(sam.sidebar.get_by_role("link", name="Still here tomorrow")).to_be_visible()


async def test_what_was_typed_before_a_new_log_in_can_be_sent_after_it(visit: Visit) -> None:
    sam = await visit("")
    await sam.log_in("sam")
    await sam.pick("echo")
    async with sam.page.expect_response("**/draft/"):
        await sam.message.fill("Typed before")
    other = await Visitor.arrive(sam.context, sam.url, "")
    await other.open_menu()
    await other.page.get_by_role("button", name="Log out").click()
    await expect(sam.page.get_by_text("You were signed out.")).to_be_visible()
    await other.log_in("sam")
    await sam.page.bring_to_front()
    await sam.message.press("Enter")
    await expect(sam.questions).to_have_count(1)
    assert "Typed before" in await (await sam.answer()).inner_text()
    await expect(sam.page.get_by_text("You were signed out.")).to_be_hidden()
    sam.forgive("403")


@pytest.mark.thorough
async def test_while_signed_out_a_page_keeps_what_is_done_and_says_why(visit: Visit) -> None:
    sam = await visit("")
    await sam.log_in("sam")
    other = await Visitor.arrive(sam.context, sam.url, "")
    await other.open_menu()
    await other.page.get_by_role("button", name="Log out").click()
    await expect(other.page.get_by_role("button", name="Log in")).to_be_visible()
    await sam.ask("Not lost", "echo")
    await expect(sam.page.get_by_role("alert")).to_contain_text("Log in again")
    await expect(sam.message).to_have_value("Not lost")
    sam.forgive("401")


@pytest.mark.thorough
async def test_signed_out_nothing_else_is_copied_as_the_text(visit: Visit) -> None:
    sam = await visit("")
    await sam.log_in("sam")
    await _asked(sam, "Copy me")
    await sam.context.clear_cookies()
    await sam.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await sam.answers.last.get_by_role("button", name="Copy").click()
    await expect(sam.page.get_by_role("alert")).to_contain_text("Could not copy.")
    sam.forgive("net::ERR_FAILED")


async def test_the_list_can_be_searched_while_typing(visit: Visit) -> None:
    ada = await visit()
    await _asked(ada, "Needle in the list")
    await ada.page.get_by_role("searchbox").fill("needle")
    await expect(ada.sidebar.locator(".row")).to_have_count(1)


async def test_on_a_phone_the_list_is_a_drawer(visit: Visit) -> None:
    ada = await visit(viewport={"width": 390, "height": 844}, has_touch=True)
    await expect(ada.sidebar).to_be_hidden()
    await ada.page.get_by_role("button", name="Open the conversations").click()
    await expect(ada.sidebar).to_be_visible()
    await ada.sidebar.get_by_role("button", name="Close").click()
    await expect(ada.sidebar).to_be_hidden()
    # Its words do not fit beside the title; its name stays.
    await expect(ada.page.get_by_role("button", name="System prompt")).to_be_visible()
    width = await ada.page.evaluate("document.documentElement.scrollWidth")
    assert width == 390


async def test_the_language_can_be_switched(visit: Visit) -> None:
    ada = await visit()
    await ada.open_menu()
    await ada.page.get_by_role("button", name="简体中文").click()
    await expect(ada.page.locator("html")).to_have_attribute("lang", "zh-hans")


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["", "c/"])
async def test_the_mark_of_an_answer_written_elsewhere_goes_when_it_ends(
    visit: Visit, path: str
) -> None:
    ada = await visit()
    await ada.ask("Marked while it is written", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word1")
    other = await visit(path=path)
    row = other.sidebar.get_by_role("listitem").first
    mark = row.get_by_role("img", name="An answer is being written")
    await expect(mark).to_be_visible()
    await ada.answer()
    await expect(mark).to_have_count(0, timeout=10_000)
    await expect(row.get_by_role("link", name="Marked while")).to_be_visible()
