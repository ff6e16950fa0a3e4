"""Searching all messages, from the sidebar to the message itself."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.site import Site
from tests.terminal import inside, manage

pytestmark = pytest.mark.browser

LONG = """
from chatsite.models import User
from conversations.models import Conversation
from tests.chats import add_turn
chat = Conversation.objects.create(owner=User.objects.get(username="sam"), title="On beds")
for number in range(60):
    chat.show(add_turn(chat, f"Bed {number}", "A mulgara" if number == 7 else "Weeds"), None)
"""


async def said(visitor: Visitor, *texts: str) -> str:
    """A conversation with these questions; its path."""
    for text in texts:
        await visitor.ask(text, "echo" if text == texts[0] else "")
        await visitor.answer()
    return await visitor.path()


async def test_enter_in_the_sidebar_finds_messages_and_leads_to_one(visit: Visit) -> None:
    sam = await visit("sam")
    path = await said(sam, "About candles", "The 数据库 is a quokka")
    await sam.go()
    await sam.sidebar.get_by_role("searchbox").fill("quokka 数据库")
    await sam.page.keyboard.press("Enter")
    hit = sam.page.get_by_role("listitem").filter(has_text="You").filter(has_text="quokka")
    await expect(hit.locator("mark")).to_have_text(["数据库", "quokka"])
    await hit.get_by_role("link", name="About candles").press("Enter")
    await sam.page.wait_for_url(f"**{path}#m-*")
    question = sam.questions.filter(has_text="quokka")
    await expect(question).to_be_focused()
    await expect(question).to_be_in_viewport()


async def test_typing_in_the_sidebar_shows_messages_that_lead_to_where_they_stand(
    visit: Visit,
) -> None:
    sam = await visit("sam")
    path = await said(sam, "About lamps", "A 两栖动物 is a potoroo")
    await sam.go()
    await sam.sidebar.get_by_role("searchbox").press_sequentially("potoroo")
    hit = sam.sidebar.get_by_role("link", name="A 两栖动物 is a potoroo").last
    await expect(hit.locator("mark")).to_have_text("potoroo")
    await hit.click()
    await sam.page.wait_for_url(f"**{path}#m-*")
    await expect(sam.questions.filter(has_text="potoroo")).to_be_focused()


@pytest.mark.thorough
async def test_with_a_chat_its_messages_leave_the_search(visit: Visit) -> None:
    sam = await visit("sam")
    for title in ("One bettong", "Two bettongs"):
        await sam.go()
        await said(sam, title)
    await sam.go()
    await sam.sidebar.get_by_role("searchbox").fill("bettong")
    await expect(sam.sidebar.get_by_role("link", name="Two bettongs Two")).to_have_count(2)
    row = sam.sidebar.locator(".row").filter(has_text="Two bettongs")
    await row.hover()
    await row.locator("summary").click()
    await row.get_by_role("button", name="Delete").click()
    await expect(sam.sidebar.get_by_role("link", name="Two bettongs Two")).to_have_count(0)
    await sam.page.get_by_role("button", name="Undo").click()
    await expect(sam.sidebar.get_by_role("link", name="Two bettongs Two")).to_have_count(2)


@pytest.mark.thorough
async def test_what_is_typed_is_searched_and_the_address_keeps_it(visit: Visit) -> None:
    sam = await visit("sam")
    await said(sam, "A wombat digs")
    await sam.go("search/")
    field = sam.page.get_by_role("main").get_by_role("searchbox")
    await expect(field).to_be_focused()
    await field.fill("wombat")
    hits = sam.page.locator("#hits li")
    await expect(hits).to_have_count(3)
    await sam.page.get_by_text("Filters").click()
    await sam.page.get_by_label("Written by").select_option(label="me")
    await expect(hits).to_have_count(1)
    await sam.page.reload()
    await expect(hits).to_have_count(1)
    assert sam.page.url.endswith("/search/?q=wombat&role=user")


@pytest.mark.thorough
async def test_back_from_a_hit_the_search_stands_as_it_was(visit: Visit) -> None:
    sam = await visit("sam")
    await said(sam, "A numbat eats")
    await sam.go("search/?q=numbat")
    await sam.page.locator("#hits").get_by_role("link").first.click()
    await expect(sam.message).to_be_visible()
    await sam.page.go_back()
    await expect(sam.page.locator("#hits li")).to_have_count(3)


async def test_in_a_long_chat_a_hit_far_up_is_in_view_and_the_chat_goes_on(visit: Visit) -> None:
    sam = await visit("sam", viewport={"width": 900, "height": 500})
    path = await said(sam, "A bilby here\n\n" + "line\n\n" * 40, *(["Short"] * 2))
    await sam.go("search/?q=bilby&role=user")
    await sam.page.locator("#hits").get_by_role("link").first.click()
    await expect(sam.questions.first).to_be_focused()
    await expect(sam.questions.first).to_be_in_viewport()
    await expect(sam.questions.last).not_to_be_in_viewport()
    await sam.ask("Further")
    await sam.answer()
    await expect(sam.questions.last).to_be_in_viewport()
    assert sam.page.url.endswith(path)


async def test_far_up_one_reads_on_and_a_question_leads_to_the_end(
    visit: Visit, home: Site
) -> None:
    inside(home.log.parent, LONG)
    manage(home.log.parent, "reindexsearch")
    sam = await visit("sam", "search/?q=mulgara")
    await sam.page.locator("#hits").get_by_role("link").first.click()
    await expect(sam.answers.filter(has_text="mulgara")).to_be_focused()
    await sam.page.get_by_role("link", name="Show later messages").click()
    await expect(sam.questions.filter(has_text="Bed 30")).to_have_count(1)
    await sam.ask("Further", "echo")
    await sam.answer()
    await expect(sam.questions.last).to_contain_text("Further")
    await expect(sam.questions.filter(has_text="Bed 59")).to_have_count(1)
    await expect(sam.questions.last).to_be_in_viewport()


@pytest.mark.thorough
async def test_far_up_the_way_to_the_latest_is_one_press(visit: Visit, home: Site) -> None:
    inside(home.log.parent, LONG.replace("mulgara", "dunnart"))
    manage(home.log.parent, "reindexsearch")
    sam = await visit("sam", "search/?q=dunnart")
    await sam.page.locator("#hits").get_by_role("link").first.click()
    await sam.page.get_by_role("button", name="Jump to latest").click()
    await expect(sam.questions.filter(has_text="Bed 59")).to_be_in_viewport()


@pytest.mark.thorough
async def test_a_search_works_without_javascript(visit: Visit) -> None:
    sam = await visit("sam")
    await said(sam, "A quoll sleeps")
    plain = await visit("sam", java_script_enabled=False)
    await plain.sidebar.get_by_role("searchbox").fill("quoll")
    await plain.page.keyboard.press("Enter")
    await plain.page.locator("#hits li", has_text="You").get_by_role("link").click()
    await expect(plain.questions.filter(has_text="quoll")).to_be_in_viewport()
