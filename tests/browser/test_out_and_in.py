"""Conversations go out as files and come in again, as a user does it."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.axe import offences
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.conversations.importing.files import chatgpt, node, openai, zipped
from tests.people import PASSWORD

pytestmark = pytest.mark.browser


async def _import(visitor: Visitor, name: str, content: bytes) -> None:
    await visitor.go("data/")
    await visitor.page.get_by_label("File").set_input_files(_file(name, content))
    await visitor.page.get_by_role("button", name="Import").click()


async def _download(visitor: Visitor, name: str) -> str:
    async with visitor.page.expect_download() as waiting:
        await visitor.page.get_by_role("link", name=name).click()
    path = Path(await (await waiting.value).path())
    return await asyncio.to_thread(path.read_text, encoding="utf-8")


async def test_an_archive_of_chatgpt_comes_in_and_is_found(visit: Visit) -> None:
    sam = await visit("sam")
    turns = [node("user", "Where do herons sleep?"), node("tool", "x"), node("assistant", "Reeds")]
    chat = chatgpt(*turns, title="Herons", conversation_id="browser-1")
    await _import(sam, "export.zip", zipped(conversations_json=[chat, {"odd": 1}]))
    await expect(sam.page.get_by_role("status")).to_contain_text("Finished")
    await expect(sam.page.get_by_text("1 conversation", exact=False).first).to_be_visible()
    await expect(sam.page.get_by_role("listitem").filter(has_text="Herons")).to_contain_text(
        "without 1 message of a tool"
    )
    assert await offences(sam.page) == []
    await sam.go("search/?q=herons")
    await sam.page.get_by_role("main").get_by_role("link", name="Herons").first.click()
    await expect(sam.answers.last).to_contain_text("Reeds")


@pytest.mark.thorough
async def test_the_same_file_again_makes_no_second_copy(visit: Visit) -> None:
    sam = await visit("sam")
    data = json.dumps([openai("Only once, please", "Yes")]).encode()
    for told in ("Imported 1 conversation", "Here already 1"):
        await _import(sam, "twice.json", data)
        await expect(sam.page.get_by_role("status")).to_contain_text("Finished")
        text = " ".join((await sam.page.locator(".counts").inner_text()).split())
        assert told in text


@pytest.mark.thorough
async def test_a_file_that_is_none_is_told_and_can_be_followed_by_another(visit: Visit) -> None:
    sam = await visit("sam")
    await _import(sam, "letter.txt", b"Dear Sam")
    await expect(sam.page.get_by_text("This is not JSON.")).to_be_visible()
    await expect(sam.page.get_by_role("button", name="Try again")).to_have_count(0)
    await sam.page.get_by_role("link", name="Back to your data").click()
    await expect(sam.page.get_by_role("link", name="letter.txt").first).to_be_visible()
    assert await offences(sam.page) == []


async def test_a_chat_goes_out_in_each_form(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("Take **this** along", "echo")
    await sam.answer()
    await sam.go(f"{await sam.path()}options/")
    found = json.loads(await _download(sam, "JSON"))
    assert found["conversations"][0]["messages"][0]["text"] == "Take **this** along"
    assert "## You" in await _download(sam, "Markdown")
    assert "<strong>this</strong>" in await _download(sam, "HTML")


async def test_what_went_out_as_html_is_read_without_the_site(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("Keep `me` <script>alert(1)</script>", "echo")
    await sam.answer()
    await sam.go(f"{await sam.path()}options/")
    page = await _download(sam, "HTML")
    reader = await sam.context.new_page()
    complaints: list[str] = []
    reader.on("console", lambda message: complaints.append(message.text))
    await reader.set_content(page)
    await expect(reader.get_by_role("article").first).to_contain_text("Keep `me` <script>")
    assert complaints == []


async def test_without_javascript_a_file_comes_in(visit: Visit) -> None:
    sam = await visit("sam", java_script_enabled=False)
    await _import(sam, "plain.json", json.dumps([openai("No scripts here", "None")]).encode())
    await expect(sam.page.get_by_role("status")).to_contain_text("Finished", timeout=20_000)


async def test_all_of_it_is_deleted_with_the_password(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("Forget me", "echo")
    await sam.answer()
    await sam.go("data/")
    await sam.page.get_by_role("link", name="Delete all conversations").click()
    await sam.page.get_by_label("Your password").fill(PASSWORD)
    assert await offences(sam.page) == []
    await sam.page.get_by_role("button", name="Delete all conversations").click()
    await expect(sam.page.get_by_role("status")).to_contain_text("were deleted")
    await expect(sam.page.get_by_text("You have 0 conversations.")).to_be_visible()


@pytest.mark.thorough
async def test_a_file_that_is_too_large_is_told_before_it_is_sent(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.go("data/")
    await sam.page.locator("chat-upload").evaluate("upload => (upload.dataset.most = 10)")
    chosen = sam.page.get_by_label("File")
    await chosen.set_input_files(_file("large.json", b"x" * 11))
    await sam.page.get_by_role("button", name="Import").click()
    assert "larger than 200 MB" in await chosen.evaluate("input => input.validationMessage")
    await chosen.set_input_files(_file("small.json", b"[]"))
    await sam.page.get_by_role("button", name="Import").click()
    await expect(sam.page.get_by_role("status")).to_contain_text("This did not work")


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
