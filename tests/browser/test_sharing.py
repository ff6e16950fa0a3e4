"""A chat is shared, read by a stranger, brought up to date, gone on from and revoked."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.axe import offences
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SECRET = "open sesame"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
WIDE = "document.documentElement.scrollWidth > innerWidth"


async def sharing(visit: Visit, question: str, **options: object) -> Visitor:
    """Sam, at the form to share a chat with this question."""
    sam = await visit("sam", **options)
    await sam.ask(question, "echo")
    await sam.answer()
    await sam.page.get_by_role("link", name="Share", exact=True).click()
    await expect(sam.page.get_by_role("heading", name="Share this chat")).to_be_visible()
    return sam


async def make_a_link(visitor: Visitor, password: str = "") -> str:
    """Its path."""
    await visitor.page.get_by_label("Password").fill(password)
    await visitor.page.get_by_role("button", name="Make a link").click()
    address = await links(visitor).first.locator("pre").inner_text()
    return address.removeprefix(visitor.url)


def links(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("list", name="Links").get_by_role("listitem")


async def shared(visit: Visit, question: str, password: str = "") -> tuple[Visitor, str]:
    sam = await sharing(visit, question)
    return sam, await make_a_link(sam, password)


async def test_the_copied_link_shows_the_chat_to_anybody(visit: Visit) -> None:
    sam = await sharing(visit, "A dunnart and `code`\n\n```python\nx = 1\n```", **CLIPBOARD)
    await make_a_link(sam)
    await links(sam).get_by_role("button", name="Copy the link").click()
    await expect(links(sam).get_by_role("button", name="Copied")).to_be_visible()
    address = await sam.page.evaluate("navigator.clipboard.readText()")
    stranger = await visit("", address.removeprefix(sam.url), **CLIPBOARD)
    await expect(stranger.page.get_by_role("article", name="Question")).to_contain_text("dunnart")
    await stranger.page.get_by_role("button", name="Copy code").click()
    await expect(stranger.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = await stranger.page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == "x = 1"


@pytest.mark.thorough
async def test_what_is_said_later_comes_only_when_it_is_brought_up_to_date(visit: Visit) -> None:
    sam, path = await shared(visit, "A first bandicoot")
    await sam.page.get_by_role("link", name="A first bandicoot").click()
    await sam.ask("A second bandicoot")
    await sam.answer()
    stranger = await visit("", path)
    await expect(stranger.page.get_by_text("A first bandicoot").first).to_be_visible()
    await expect(stranger.page.get_by_text("A second bandicoot")).to_have_count(0)
    await sam.go("shared/")
    await links(sam).first.get_by_role("button", name="Bring up to date").click()
    await expect(sam.page.get_by_role("status").first).to_contain_text("as it is")
    await stranger.page.reload()
    await expect(stranger.page.get_by_text("A second bandicoot").first).to_be_visible()


async def test_revoked_while_it_is_read_the_next_look_finds_nothing(visit: Visit) -> None:
    sam, path = await shared(visit, "A potoroo in secret")
    stranger = await visit("", path)
    await expect(stranger.page.get_by_text("A potoroo in secret").first).to_be_visible()
    await links(sam).get_by_role("button", name="Revoke").press("Enter")
    await expect(sam.page.get_by_role("status").first).to_contain_text("revoked")
    await stranger.page.reload()
    await expect(stranger.page.get_by_role("heading")).to_have_text("There is no shared chat here")
    await expect(stranger.page.get_by_text("potoroo")).to_have_count(0)
    stranger.forgive("404 GET")


async def test_a_password_is_asked_for_once(visit: Visit) -> None:
    _sam, path = await shared(visit, "A locked numbat", SECRET)
    stranger = await visit("", path)
    await expect(stranger.page.get_by_text("numbat")).to_have_count(0)
    await stranger.page.get_by_label("Password").fill("a guess")
    await stranger.page.keyboard.press("Enter")
    await expect(stranger.page.get_by_text("This is not the password.")).to_be_visible()
    await stranger.page.get_by_label("Password").fill(SECRET)
    await stranger.page.keyboard.press("Enter")
    await expect(stranger.page.get_by_text("A locked numbat").first).to_be_visible()
    await stranger.page.reload()
    await expect(stranger.page.get_by_text("A locked numbat").first).to_be_visible()


async def test_a_reader_goes_on_in_a_chat_of_their_own(visit: Visit) -> None:
    _sam, path = await shared(visit, "A shared bilby")
    ada = await visit("ada", path)
    await ada.page.get_by_role("link", name="Continue from here").click()
    await ada.page.get_by_role("button", name="Make it a chat of mine").click()
    await expect(ada.questions).to_contain_text(["A shared bilby"])
    await ada.ask("And mine", "echo")
    await ada.answer()
    await expect(ada.questions).to_have_count(2)
    stranger = await visit("", path)
    await expect(stranger.page.get_by_text("And mine")).to_have_count(0)


@pytest.mark.thorough
async def test_who_is_not_signed_in_comes_back_after_the_log_in(visit: Visit) -> None:
    _sam, path = await shared(visit, "A patient quoll")
    ada = await visit("", path)
    await ada.page.get_by_role("link", name="Continue from here").click()
    await ada.page.get_by_role("textbox", name="Username").fill("ada")
    await ada.page.get_by_role("textbox", name="Password").fill("a long enough passphrase")
    await ada.page.get_by_role("button", name="Log in").click()
    await ada.page.get_by_role("button", name="Make it a chat of mine").click()
    await expect(ada.questions).to_contain_text(["A patient quoll"])


@pytest.mark.thorough
async def test_all_of_it_works_without_scripts(visit: Visit) -> None:
    _sam, path = await shared(visit, "A plain wombat", SECRET)
    reader = await visit("ada", path, java_script_enabled=False)
    await reader.page.get_by_label("Password").fill(SECRET)
    await reader.page.get_by_role("button", name="Open").click()
    await expect(reader.page.get_by_text("A plain wombat").first).to_be_visible()
    sam = await visit("sam", "shared/", java_script_enabled=False)
    await links(sam).first.get_by_role("button", name="Revoke").click()
    await reader.page.reload()
    await expect(reader.page.get_by_text("wombat")).to_have_count(0)
    reader.forgive("404 GET")


@pytest.mark.thorough
async def test_a_phone_has_room_for_each_page(visit: Visit) -> None:
    phone = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
    sam = await sharing(visit, "A narrow " + "antechinus" * 12, **phone)
    path = await make_a_link(sam)
    for each in ("", "shared/", path, f"{path}continue/"):
        if each:
            await sam.go(each)
        assert not await sam.page.evaluate(WIDE), each


@pytest.mark.thorough
async def test_nothing_is_wrong_with_its_pages(visit: Visit) -> None:
    sam, path = await shared(visit, "A [link](https://example.org), a | b\n-|-\n1 | 2", SECRET)
    found = await offences(sam.page)
    for each in ("shared/", path, f"s/{'x' * 43}/"):
        await sam.go(each)
        found += await offences(sam.page)
    sam.forgive("404 GET")
    await sam.go(path)
    await sam.page.get_by_label("Password").fill(SECRET)
    await sam.page.keyboard.press("Enter")
    await expect(sam.page.get_by_role("link", name="Continue from here")).to_be_visible()
    found += await offences(sam.page)
    await sam.go(f"{path}continue/")
    assert found + await offences(sam.page) == []
