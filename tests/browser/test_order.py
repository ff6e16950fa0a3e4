"""Order among many chats: pinned, archived, in folders, with tags, several at once, unseen."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Service, Visit
from tests.browser.test_phone import PHONE, TOO_SMALL
from tests.browser.visitor import Visitor
from tests.site import Site
from tests.terminal import inside

pytestmark = pytest.mark.browser

MANY = """
from chatsite.models import User
from conversations.models import Conversation
sam = User.objects.get(username="sam")
for number in range(130):
    Conversation.objects.create(owner=sam, title=f"Pebble {number}.")
"""
FILE_BUOY = """
from conversations.models import Conversation, Folder
owner = User.objects.get(username="sam")
folder = Folder.objects.create(owner=owner, name="Work")
Conversation.objects.filter(owner=owner, title="Buoy").update(folder=folder)
"""
CLEAR = """
from conversations.models import Conversation, Folder, Tag
for rows in (Conversation, Folder, Tag):
    rows.objects.all().delete()
"""


@pytest.fixture(autouse=True)
def empty(home: Site) -> None:
    """The other journeys' chats would stand above those of this one."""
    inside(home.log.parent, CLEAR)


def chats(owner: str, *titles: str) -> str:
    return f"""
from chatsite.models import User
from tests.chats import a_conversation
for title in {titles!r}:
    a_conversation(User.objects.get(username={owner!r}), title, turns=1)
"""


def row(visitor: Visitor, title: str) -> Locator:
    return visitor.sidebar.locator(".row").filter(has_text=title)


async def menu(visitor: Visitor, title: str) -> Locator:
    """The opened menu of a row."""
    await row(visitor, title).hover()
    await row(visitor, title).locator("summary").click()
    opened = row(visitor, title).locator(".row-menu")
    await expect(opened.get_by_role("button", name="Delete")).to_be_visible()
    return opened


async def rows(visitor: Visitor) -> list[str]:
    return await visitor.sidebar.locator(".row > a, .row > label").all_inner_texts()


async def test_a_pinned_chat_comes_first_and_stays_there(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam = await visit("sam")
    await (await menu(sam, "Anchor")).get_by_role("button", name="Pin").press("Enter")
    await expect(sam.sidebar.get_by_role("heading", name="Pinned")).to_be_visible()
    assert await rows(sam) == ["Anchor", "Buoy"]
    await expect(row(sam, "Anchor").get_by_role("link").first).to_be_focused()
    await sam.page.reload()
    assert await rows(sam) == ["Anchor", "Buoy"]
    await (await menu(sam, "Anchor")).get_by_role("button", name="Unpin").click()
    await expect(sam.sidebar.get_by_role("heading", name="Pinned")).to_have_count(0)


async def test_a_pinned_chat_that_is_asked_stays_among_the_pinned(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam = await visit("sam")
    await (await menu(sam, "Anchor")).get_by_role("button", name="Pin").click()
    await expect(sam.sidebar.get_by_role("heading", name="Pinned")).to_be_visible()
    await row(sam, "Anchor").get_by_role("link").first.click()
    await sam.ask("Still there?", "echo")
    await sam.answer()
    await expect(sam.sidebar.locator(".row > a")).to_have_text(["Anchor", "Buoy"])
    await expect(sam.sidebar.locator("[data-kind=pinned] .row")).to_have_count(1)


async def test_an_archived_chat_is_out_of_the_way_and_comes_back(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam = await visit("sam")
    await (await menu(sam, "Buoy")).get_by_role("button", name="Archive").click()
    await expect(row(sam, "Buoy")).to_have_count(0)
    await sam.page.get_by_role("button", name="Undo").click()
    await expect(row(sam, "Buoy")).to_have_count(1)
    await (await menu(sam, "Buoy")).get_by_role("button", name="Archive").click()
    await expect(row(sam, "Buoy")).to_have_count(0)
    await sam.sidebar.get_by_role("link", name="Archive").click()
    await row(sam, "Buoy").get_by_role("link").first.click()
    await expect(sam.page.get_by_text("This chat is archived")).to_be_visible()
    await sam.page.get_by_role("button", name="Take it out").click()
    assert await rows(sam) == ["Buoy", "Anchor"]


async def test_a_folder_gives_its_chats_a_system_prompt_and_a_model(
    visit: Visit, service: Service
) -> None:
    sam = await visit("sam")
    await sam.page.get_by_role("link", name="Folders and tags").click()
    await sam.page.get_by_role("textbox", name="Name of a new folder").fill("Harbour")
    await sam.page.keyboard.press("Enter")
    await sam.page.get_by_label("System prompt").fill("Speak like a pilot.")
    await sam.page.get_by_label("Model").select_option(label="echo")
    await sam.page.get_by_role("button", name="Save").click()
    await sam.page.get_by_role("link", name="New chat here").click()
    await expect(sam.page.get_by_text("in the folder “Harbour”")).to_be_visible()
    await sam.ask("Where is the quay?")
    await sam.answer()
    asked = service.journal()[-1]["body"]
    assert (asked["model"], asked["messages"][0]["content"]) == ("echo", "Speak like a pilot.")
    assert await rows(sam) == ["Where is the quay?"]
    await sam.sidebar.get_by_role("link", name="All chats").click()
    await expect(row(sam, "Where is the quay?")).to_have_count(0)
    await sam.sidebar.get_by_role("link", name="Harbour").click()
    await expect(row(sam, "Where is the quay?")).to_have_count(1)


@pytest.mark.thorough
async def test_a_deleted_folder_leaves_its_chats_and_comes_back(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor"))
    sam = await visit("sam", "folders/")
    await sam.page.get_by_role("textbox", name="Name of a new folder").fill("Harbour")
    await sam.page.get_by_role("button", name="Make a folder").click()
    await sam.go()
    opened = await menu(sam, "Anchor")
    await opened.get_by_label("Folder").select_option(label="Harbour")
    await opened.get_by_role("button", name="Move").click()
    await expect(row(sam, "Anchor")).to_have_count(0)
    await sam.page.get_by_role("link", name="Folders and tags").click()
    await sam.page.get_by_role("button", name="Delete Harbour").click()
    await expect(sam.page.get_by_role("button", name="Bring back Harbour")).to_be_visible()
    other = await visit("sam")
    await expect(row(other, "Anchor")).to_have_count(1)
    await sam.page.get_by_role("button", name="Bring back Harbour").click()
    await expect(row(sam, "Anchor")).to_have_count(1)
    # The other tab hears of it.
    await expect(row(other, "Anchor")).to_have_count(0)


async def test_a_tag_is_put_on_and_leads_to_all_that_have_it(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam = await visit("sam")
    opened = await menu(sam, "Anchor")
    await opened.get_by_label("Tag").fill("海")
    await opened.get_by_role("button", name="Add tag").click()
    await expect(opened.get_by_role("link", name="海")).to_be_visible()
    await opened.get_by_label("Tag").fill("deep")
    await opened.get_by_role("button", name="Add tag").click()
    await opened.get_by_role("link", name="海").click()
    await sam.page.wait_for_url("**/c/?tag=*")
    assert await rows(sam) == ["Anchor"]
    await (await menu(sam, "Anchor")).get_by_role("button", name="Take the tag deep off").click()
    await sam.go()
    await sam.sidebar.get_by_text("Tags", exact=True).click()
    await sam.sidebar.get_by_role("link", name="海", exact=True).click()
    await expect(row(sam, "Anchor")).to_have_count(1)


async def test_several_are_picked_by_keyboard_and_undone(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy", "Cable"))
    sam = await visit("sam")
    await sam.sidebar.get_by_role("link", name="Select").press("Enter")
    boxes = sam.sidebar.get_by_role("checkbox")
    await expect(boxes.first).to_be_focused()
    await sam.page.keyboard.press("Space")
    await sam.page.keyboard.press("Tab")
    await sam.page.keyboard.press("Space")
    await expect(sam.sidebar.get_by_text("Picked: 2")).to_be_visible()
    await sam.sidebar.get_by_role("button", name="Delete").press("Enter")
    await expect(sam.page.get_by_text("2 chats were deleted.")).to_be_visible()
    assert await rows(sam) == ["Anchor"]
    await sam.page.get_by_role("button", name="Undo").press("Enter")
    await expect(row(sam, "Buoy")).to_have_count(1)
    assert await rows(sam) == ["Cable", "Buoy", "Anchor"]


async def test_shift_picks_a_range_and_escape_leaves(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", *"ABCDE"))
    sam = await visit("sam")
    await sam.sidebar.get_by_role("link", name="Select").click()
    boxes = sam.sidebar.get_by_role("checkbox")
    await boxes.nth(0).click()
    await boxes.nth(3).click(modifiers=["Shift"])
    await expect(sam.sidebar.get_by_text("Picked: 4")).to_be_visible()
    await sam.sidebar.get_by_label("Tag").fill("letters")
    await sam.sidebar.get_by_role("button", name="Add tag").click()
    await expect(sam.page.get_by_text("4 chats have the tag “letters” now.")).to_be_visible()
    await sam.sidebar.get_by_role("link", name="Select").click()
    await boxes.first.press("Escape")
    await expect(boxes).to_have_count(0)


async def test_enter_puts_a_tag_on_what_is_picked_and_archives_nothing(
    visit: Visit, home: Site
) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam = await visit("sam", "c/?select=1")
    await sam.page.get_by_label("Anchor").press("Space")
    await sam.page.keyboard.press("Enter")
    await expect(sam.page.get_by_text("A tag needs at least one letter")).to_be_visible()
    sam.forgive("422")
    await sam.page.get_by_label("Tag").fill("harbour")
    await sam.page.keyboard.press("Enter")
    await expect(sam.page.get_by_text("1 chat has the tag “harbour” now.")).to_be_visible()
    assert await rows(sam) == ["Buoy", "Anchor"]


async def test_an_answer_that_is_looked_at_has_no_mark(visit: Visit) -> None:
    sam = await visit("sam")
    async with sam.page.expect_response("**/seen/"):
        await sam.ask("Watched to its end", "echo")
        await sam.answer()
    await expect(row(sam, "Watched to its end").locator(".unseen")).to_have_count(0)


async def test_an_answer_that_nobody_looked_at_is_marked_until_somebody_does(
    visit: Visit,
) -> None:
    sam = await visit("sam")
    await sam.ask("Count for me", "slow-40x50")
    await expect(sam.answers.last).to_contain_text("word1")
    await sam.go()
    other = await visit("sam")
    for page in (sam, other):
        await expect(row(page, "Count for me").get_by_role("img", name="New answer")).to_be_visible(
            timeout=20_000
        )
    await row(sam, "Count for me").get_by_role("link").first.click()
    await sam.answer()
    for page in (sam, other):
        await expect(row(page, "Count for me").locator(".unseen")).to_have_count(0)


@pytest.mark.thorough
async def test_an_answer_that_is_looked_at_leaves_no_mark(visit: Visit) -> None:
    sam = await visit("sam")
    async with sam.page.expect_response("**/seen/"):
        await sam.ask("Watch this", "echo")
    await sam.answer()
    await sam.go()
    await expect(row(sam, "Watch this")).to_have_count(1)
    await expect(row(sam, "Watch this").locator(".unseen")).to_have_count(0)


@pytest.mark.thorough
async def test_another_tab_shows_what_was_put_in_order(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam, other = await visit("sam"), await visit("sam")
    await (await menu(sam, "Anchor")).get_by_role("button", name="Pin").click()
    await expect(other.sidebar.get_by_role("heading", name="Pinned")).to_be_visible()
    await (await menu(sam, "Buoy")).get_by_role("button", name="Archive").click()
    await expect(row(other, "Buoy")).to_have_count(0)


@pytest.mark.thorough
async def test_a_long_list_is_opened_and_put_in_order_without_a_jump(
    visit: Visit, home: Site
) -> None:
    inside(home.log.parent, MANY)
    sam = await visit("sam")
    more = sam.sidebar.get_by_role("link", name="Show more")
    for count in (100, 130):
        await more.click()
        await expect(sam.sidebar.locator(".row")).to_have_count(count)
    await row(sam, "Pebble 9.").scroll_into_view_if_needed()
    where = await sam.sidebar.locator("#conversation-list").evaluate("list => list.scrollTop")
    await (await menu(sam, "Pebble 9.")).get_by_role("button", name="Archive").click()
    await expect(row(sam, "Pebble 9.")).to_have_count(0)
    await expect(sam.sidebar.locator(".row")).to_have_count(129)
    now = await sam.sidebar.locator("#conversation-list").evaluate("list => list.scrollTop")
    # The menu that was open stood in it.
    assert where - 50 < now < where + 500


async def test_all_of_it_works_without_javascript(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy", "Cable"))
    sam = await visit("sam", "c/", java_script_enabled=False)
    await sam.page.get_by_role("link", name="Select").click()
    await sam.page.get_by_label("Anchor").check()
    await sam.page.get_by_label("Cable").check()
    await sam.page.get_by_role("button", name="Archive").click()
    await expect(sam.page.get_by_text("2 chats were archived.")).to_be_visible()
    assert await rows(sam) == ["Buoy"]
    await sam.page.get_by_role("button", name="Undo").click()
    await expect(row(sam, "Anchor")).to_have_count(1)
    await row(sam, "Buoy").locator("summary").click()
    await sam.page.get_by_role("link", name="Rename, move or delete").click()
    await sam.page.get_by_role("button", name="Pin").click()
    await sam.go("c/")
    assert await rows(sam) == ["Buoy", "Cable", "Anchor"]


async def test_a_thumb_hits_all_of_it(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam = await visit("sam", **PHONE)
    await sam.page.get_by_role("button", name="Open the conversations").tap()
    opened = await menu(sam, "Anchor")
    await opened.get_by_label("Tag").fill("x")
    await opened.get_by_role("button", name="Add tag").tap()
    await expect(opened.get_by_role("link", name="x")).to_be_visible()
    assert await sam.page.evaluate(TOO_SMALL) == []
    await opened.get_by_role("button", name="Pin").tap()
    await sam.sidebar.get_by_role("link", name="Select").tap()
    await expect(sam.sidebar.get_by_role("checkbox")).to_have_count(2)
    assert await sam.page.evaluate(TOO_SMALL) == []
    await sam.sidebar.get_by_role("checkbox").first.tap()
    await sam.sidebar.get_by_role("button", name="Archive").tap()
    await sam.page.get_by_role("button", name="Undo").tap()
    await expect(row(sam, "Anchor")).to_have_count(1)


@pytest.mark.parametrize("path", ["folders/", "c/?select=1", "c/?archive=1"])
async def test_a_thumb_hits_all_of_the_pages(visit: Visit, home: Site, path: str) -> None:
    inside(home.log.parent, chats("sam", "Anchor"))
    sam = await visit("sam", path, **PHONE)
    assert await sam.page.evaluate(TOO_SMALL) == []


async def choose(visitor: Visitor, words: str) -> None:
    await visitor.page.keyboard.press("Control+k")
    await visitor.page.keyboard.type(words)
    await visitor.page.keyboard.press("Enter")


@pytest.mark.thorough
async def test_the_palette_puts_in_order(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy"))
    sam = await visit("sam")
    await row(sam, "Anchor").get_by_role("link").first.click()
    await expect(sam.message).to_be_visible()
    await choose(sam, "pin this")
    await expect(sam.sidebar.get_by_role("heading", name="Pinned")).to_be_visible()
    await choose(sam, "archive this")
    await expect(sam.page.get_by_text("This chat is archived")).to_be_visible()
    await choose(sam, "pick several")
    await expect(sam.sidebar.get_by_role("checkbox")).to_have_count(1)


async def test_a_search_is_narrowed_to_a_folder_and_a_tag(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor quoll", "Buoy quoll", "Cable quoll"))
    sam = await visit("sam", "folders/")
    await sam.page.get_by_role("textbox", name="Name of a new folder").fill("Harbour")
    await sam.page.keyboard.press("Enter")
    await expect(sam.page.get_by_role("heading", name="Harbour")).to_be_visible()
    await sam.go("c/?select=1")
    await sam.page.get_by_label("Anchor").check()
    await sam.page.get_by_label("Buoy").check()
    await sam.page.get_by_label("Folder").select_option(label="Harbour")
    await sam.page.get_by_role("button", name="Move").click()
    await expect(sam.page.get_by_text("2 chats were moved to “Harbour”.")).to_be_visible()
    await sam.go("search/?q=quoll&role=title")
    await expect(sam.page.locator("#hits li")).to_have_count(3)
    await sam.page.get_by_label("Folder").select_option(label="Harbour")
    await expect(sam.page.locator("#hits li")).to_have_count(2)


@pytest.mark.thorough
@pytest.mark.parametrize("scripts", [True, False])
async def test_those_that_are_picked_go_out_and_the_page_stays(
    visit: Visit, home: Site, scripts: bool
) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy", "Cable"))
    sam = await visit("sam", java_script_enabled=scripts)
    await sam.sidebar.get_by_role("link", name="Select").click()
    boxes = sam.sidebar.get_by_role("checkbox")
    await boxes.nth(0).click()
    await boxes.nth(2).click()
    await sam.sidebar.get_by_text("Export", exact=True).click()
    found = await exported(sam, sam.sidebar.get_by_role("button", name="JSON"))
    assert [chat["title"] for chat in found["conversations"]] == ["Anchor", "Cable"]
    await expect(boxes.nth(2)).to_be_checked()
    await sam.sidebar.get_by_role("button", name="Archive").click()
    await expect(sam.page.get_by_text("2 chats were archived.")).to_be_visible()


async def test_a_folder_goes_out_from_its_page(visit: Visit, home: Site) -> None:
    inside(home.log.parent, chats("sam", "Anchor", "Buoy") + FILE_BUOY)
    sam = await visit("sam", "folders/")
    await sam.page.get_by_role("link", name="Settings of Work").click()
    found = await exported(sam, sam.page.get_by_role("link", name="JSON"))
    assert [chat["title"] for chat in found["conversations"]] == ["Buoy"]


async def exported(visitor: Visitor, button: Locator) -> Any:
    async with visitor.page.expect_download() as waiting:
        await button.click()
    path = Path(await (await waiting.value).path())
    return json.loads(await asyncio.to_thread(path.read_text, encoding="utf-8"))
