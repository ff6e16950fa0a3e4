"""What will be sent: the gauge, the panel and the page, and what is decided there."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def gauge(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("link", name="What will be sent")


def panel(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="What will be sent")


async def chat(visitor: Visitor, *texts: str, model: str = "echo") -> None:
    for number, text in enumerate(texts):
        await visitor.ask(text, model if not number else "")
        await expect(visitor.answers).to_have_count(number + 1)
        await visitor.answer()


async def shown_body(visitor: Visitor) -> Any:
    return json.loads(await visitor.page.locator("#context pre").inner_text())


async def test_the_gauge_comes_with_the_first_answer_and_grows(visit: Visit) -> None:
    ada = await visit()
    await expect(gauge(ada)).to_have_count(0)
    await chat(ada, "One")
    await expect(gauge(ada)).to_contain_text("≈")
    first = await gauge(ada).inner_text()
    await ada.ask("Two " * 200)
    await expect(ada.answers).to_have_count(2)
    await ada.answer()
    await expect(gauge(ada)).not_to_have_text(first, use_inner_text=True)
    grown = await gauge(ada).inner_text()
    await ada.page.reload()
    await expect(gauge(ada)).to_have_text(grown, use_inner_text=True)


async def test_what_is_being_decided_stays_while_another_tab_asks_on(visit: Visit) -> None:
    ada = await visit()
    await chat(ada, "One")
    await gauge(ada).click()
    turns = panel(ada).get_by_role("spinbutton", name="Turns before the question")
    await turns.fill("7")
    other = await visit(path=await ada.path())
    await other.ask("Two")
    await expect(ada.answers).to_have_count(2)
    await expect(ada.answers.last).to_have_attribute("data-state", "complete")
    await ada.page.wait_for_load_state("networkidle")
    await expect(turns).to_have_value("7")


async def test_the_panel_shows_the_very_request_that_is_sent(
    visit: Visit, service: Service
) -> None:
    ada = await visit()
    await chat(ada, "One", "Two")
    async with ada.page.expect_response("**/draft/"):
        await ada.message.fill("And now?")
    await gauge(ada).click()
    await expect(panel(ada)).to_contain_text("And now?")
    shown = await shown_body(ada)
    await ada.page.keyboard.press("Escape")
    await expect(panel(ada)).to_be_hidden()
    await ada.message.press("Enter")
    await expect(ada.answers).to_have_count(3)
    await ada.answer()
    assert service.journal()[-1]["body"] == shown


async def test_a_policy_and_marks_decide_what_is_sent(visit: Visit, service: Service) -> None:
    ada = await visit()
    await chat(ada, "One", "Two", "Three")
    await gauge(ada).click()
    await panel(ada).get_by_role("radio", name="The last turns").check()
    await panel(ada).get_by_role("spinbutton", name="Turns").fill("1")
    await panel(ada).get_by_role("button", name="Save").click()
    rows = panel(ada).get_by_role("listitem")
    await expect(rows.first).to_contain_text("Trimmed, not sent")
    await rows.nth(0).get_by_role("button", name="Pin").click()
    await expect(rows.first).to_contain_text("Pinned, always sent")
    await expect(rows.first.get_by_role("button", name="Unpin")).to_be_focused()
    await rows.nth(5).get_by_role("button", name="Exclude").click()
    await expect(rows.nth(5)).to_contain_text("Excluded, not sent")
    await panel(ada).get_by_role("button", name="Close").click()
    await ada.ask("Four")
    await expect(ada.answers).to_have_count(4)
    await ada.answer()
    sent = [message["content"] for message in service.journal()[-1]["body"]["messages"]]
    assert sent == ["One", "Three", "Four"]


async def test_curl_and_python_hold_the_key_by_its_name_alone(visit: Visit) -> None:
    ada = await visit()
    await chat(ada, "One")
    await gauge(ada).click()
    for form in ("curl", "Python"):
        await panel(ada).get_by_role("link", name=form).click()
        await expect(panel(ada).locator("pre")).to_contain_text("OPENAI_API_KEY")
        await expect(panel(ada).locator("pre")).not_to_contain_text("sk-scripted")


async def test_too_long_a_chat_is_trimmed_and_sent_again(visit: Visit, service: Service) -> None:
    ada = await visit()
    await chat(ada, "One", "Two", "Three", model="narrow")
    await ada.ask("Four")
    failed = await ada.answer("failed")
    await failed.get_by_role("spinbutton", name="Send only the last turns").fill("1")
    await failed.get_by_role("button", name="Trim and send again").click()
    await ada.answer()
    sent = [message["content"] for message in service.journal()[-1]["body"]["messages"]]
    assert (sent[0], sent[-1]) == ("Three", "Four")


@pytest.mark.thorough
@pytest.mark.parametrize("width", [390, 1440])
async def test_the_page_works_without_javascript(visit: Visit, width: int) -> None:
    sam = await visit("sam")
    await chat(sam, "One", "Two")
    size = {"width": width, "height": 844}
    plain = await visit("sam", await sam.path(), java_script_enabled=False, viewport=size)
    await gauge(plain).click()
    await plain.page.get_by_role("radio", name="The last turns").check()
    await plain.page.get_by_role("spinbutton", name="Turns").fill("1")
    await plain.page.get_by_role("button", name="Save").click()
    rows = plain.page.get_by_role("listitem")
    await expect(rows.first).to_contain_text("Trimmed, not sent")
    await rows.first.get_by_role("button", name="Pin").click()
    await expect(rows.first).to_contain_text("Pinned, always sent")
    await plain.page.get_by_role("link", name="curl").click()
    await expect(plain.page.locator("pre")).to_contain_text("curl -N")
    assert await plain.page.locator("html").evaluate("it => it.scrollWidth") == width


async def test_the_gauge_is_of_the_model_that_is_picked(visit: Visit) -> None:
    ada = await visit()
    await chat(ada, "One")
    await expect(gauge(ada)).to_be_visible()
    async with ada.page.expect_response("**/context/gauge/?model=*"):
        await ada.pick("history")
    await gauge(ada).click()
    await expect(panel(ada)).to_contain_text("How much history reads is not known")


@pytest.mark.thorough
async def test_the_gauge_stays_of_the_model_that_is_picked_while_another_answers(
    visit: Visit,
) -> None:
    ada = await visit()
    await chat(ada, "One")
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word1")
    async with ada.page.expect_response("**/context/gauge/?model=*"):
        await ada.pick("history")
    async with ada.page.expect_response("**/context/gauge/?model=*"):
        await ada.page.get_by_role("button", name="Stop").click()
    await expect(gauge(ada)).to_have_attribute("href", re.compile(r"\?model="))
    await ada.answer("stopped")
