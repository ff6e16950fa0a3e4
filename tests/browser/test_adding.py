"""What comes into the message box without being typed: earlier questions, and text files."""

from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FILES = """([target, kind, files]) => {
  const data = new DataTransfer();
  for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent(kind, { ...options, dataTransfer: data });
  return !document.querySelector(target).dispatchEvent(event);
}"""


async def _give(
    visitor: Visitor, files: dict[str, bytes], kind: str = "paste", target: str = "#text"
) -> bool:
    """Whether the page took them, or left them to the browser."""
    given: list[Any] = [[name, list(data)] for name, data in files.items()]
    return bool(await visitor.page.evaluate(FILES, [target, kind, given]))


async def test_the_up_arrow_brings_back_the_questions_of_this_chat(visit: Visit) -> None:
    ada = await visit()
    for number, text in enumerate(("one", "two\nlines", "three")):
        await ada.ask(text, "echo")
        await ada.answer(number=number)
    for text in ("three", "two\nlines", "one", "one"):
        await ada.message.press("ArrowUp")
        await expect(ada.message).to_have_value(text)
    for text in ("two\nlines", "three", ""):
        await ada.message.press("ArrowDown")
        await expect(ada.message).to_have_value(text)


async def test_in_a_text_of_one_s_own_the_arrows_move(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("one", "echo")
    await ada.answer()
    # What a chat has once it is begun comes after its first answer may have ended.
    await ada.page.wait_for_load_state("networkidle")
    await ada.message.press("ArrowUp")
    await expect(ada.message).to_have_value("one")
    await ada.message.press_sequentially(" more")
    await ada.message.press("ArrowUp")
    await expect(ada.message).to_have_value("one more")


async def test_a_composition_in_the_empty_box_keeps_its_arrows(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("one", "echo")
    await ada.answer()
    await ada.message.focus()
    devtools = await ada.context.new_cdp_session(ada.page)
    event = {"type": "keyDown", "key": "ArrowUp", "code": "ArrowUp", "windowsVirtualKeyCode": 229}
    await devtools.send("Input.dispatchKeyEvent", event)
    await expect(ada.message).to_have_value("")


async def test_a_pasted_text_file_becomes_text_and_is_sent(visit: Visit) -> None:
    ada = await visit()
    await ada.message.fill("What is this?")
    assert await _give(ada, {"笔记.py": "a = '你好'\r\n".encode()})
    await expect(ada.page.get_by_text("笔记.py was added as text.")).to_be_visible()
    await expect(ada.message).to_have_value("What is this?\n\n笔记.py\n```\na = '你好'\n```\n")
    await ada.pick("echo")
    await ada.message.press("Enter")
    await expect(await ada.answer()).to_contain_text("a = '你好'")
    await expect(ada.page.get_by_text("was added as text")).to_be_hidden()


async def test_a_file_is_chosen_where_nothing_can_be_dropped(visit: Visit) -> None:
    ada = await visit(**PHONE)
    async with ada.page.expect_file_chooser() as asked:
        await ada.page.get_by_role("button", name="Attach a text file").tap()
    chooser = await asked.value
    await chooser.set_files([FilePayload(name="list.csv", mimeType="text/csv", buffer=b"salt,1")])
    await expect(ada.page.get_by_text("list.csv was added as text.")).to_be_visible()
    await expect(ada.message).to_have_value("list.csv\n```\nsalt,1\n```\n")


async def test_a_fence_is_longer_than_any_in_the_file(visit: Visit) -> None:
    ada = await visit()
    await _give(ada, {"a.md": b"````\ncode\n````"})
    await expect(ada.message).to_have_value("a.md\n`````\n````\ncode\n````\n`````\n")


async def test_a_file_may_be_dropped_anywhere(visit: Visit) -> None:
    ada = await visit()
    assert await _give(ada, {"a.txt": b"dropped"}, "dragover", "body")
    await expect(ada.page.locator("chat-composer[dragging]")).to_be_visible()
    assert await _give(ada, {"a.txt": b"dropped"}, "drop", "body")
    await expect(ada.message).to_have_value("a.txt\n```\ndropped\n```\n")
    await expect(ada.page.locator("chat-composer[dragging]")).to_have_count(0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\x00\x01", "only text files can be"),
        (b"text\x00with a zero", "only text files can be"),
        (b"x" * (256 * 1024), "does not fit"),
    ],
    ids=["picture", "zero", "large"],
)
async def test_another_file_is_refused_with_words(visit: Visit, data: bytes, words: str) -> None:
    ada = await visit()
    await ada.message.fill("Mine")
    await _give(ada, {"file": data})
    said = ada.page.get_by_role("status").filter(has_text=words)
    await expect(said).to_be_visible()
    await expect(ada.message).to_have_value("Mine")


async def test_the_size_is_told_before_the_limit_is_reached(visit: Visit) -> None:
    ada = await visit()
    told = ada.page.get_by_text("KB of 256 KB")
    await ada.message.fill("x" * 204 * 1024)
    await expect(told).to_be_hidden()
    await ada.message.fill("x" * 206 * 1024)
    await expect(told).to_have_text("206 KB of 256 KB")
    await ada.message.fill("字" * 70 * 1024)
    await expect(told).to_have_text("210 KB of 256 KB")
