"""The composer: what sends, what does not, and what becomes of the text."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Service, Visit

pytestmark = pytest.mark.browser

#: Between the two presses of an unhurried double click.
DOUBLE_MS = 150


async def test_shift_enter_is_a_new_line(visit: Visit) -> None:
    ada = await visit()
    await ada.message.fill("one")
    await ada.message.press("Shift+Enter")
    await ada.message.press_sequentially("two")
    await expect(ada.message).to_have_value("one\ntwo")
    assert await ada.questions.count() == 0


async def test_the_enter_that_ends_a_composition_does_not_send(visit: Visit) -> None:
    ada = await visit()
    await ada.message.focus()
    devtools = await ada.context.new_cdp_session(ada.page)
    await devtools.send(
        "Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6}
    )
    enter = {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await devtools.send("Input.dispatchKeyEvent", enter)
    await devtools.send("Input.insertText", {"text": "你好"})
    await expect(ada.message).to_have_value("你好")
    assert await ada.questions.count() == 0


async def test_the_enter_after_a_composition_sends(visit: Visit) -> None:
    ada = await visit()
    await ada.pick("echo")
    await ada.message.focus()
    devtools = await ada.context.new_cdp_session(ada.page)
    await devtools.send(
        "Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6}
    )
    await devtools.send("Input.insertText", {"text": "你好"})
    await ada.message.press("Enter")
    await expect(await ada.answer()).to_contain_text("你好")


@pytest.mark.thorough
async def test_a_second_enter_sends_nothing_and_complains_of_nothing(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Only once", "slow-40x50")
    await ada.page.wait_for_timeout(DOUBLE_MS)
    await ada.page.keyboard.press("Enter")
    await ada.answer()
    assert await ada.questions.count() == 1
    await expect(ada.page.get_by_text("Write a message first.")).to_be_hidden()


@pytest.mark.parametrize("pause_ms", [0, DOUBLE_MS])
async def test_a_double_click_on_send_does_not_stop_the_answer(visit: Visit, pause_ms: int) -> None:
    ada = await visit()
    await ada.ask("Hello", "echo")
    await ada.answer()
    await ada.pick("slow-40x50")
    await ada.message.fill("Only once")
    await ada.page.get_by_role("button", name="Send").click()
    await ada.page.wait_for_timeout(pause_ms)
    # The pointer stays where Send was, and the browser counts this press as the second.
    await ada.page.mouse.down(click_count=2)
    await ada.page.mouse.up(click_count=2)
    await ada.answer(number=1)
    assert await ada.questions.count() == 2


async def test_two_sends_at_once_ask_the_service_once(visit: Visit, service: Service) -> None:
    ada = await visit()
    await ada.pick("echo")
    before = len(service.journal())
    await ada.message.fill("Only once")
    await ada.page.evaluate(
        """() => { const form = document.querySelector("#composer");
                   form.requestSubmit(); form.requestSubmit(); }"""
    )
    await ada.answer()
    assert await ada.questions.count() == 1
    assert len(service.journal()) == before + 1


async def test_a_blank_message_is_not_sent(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("   \n ", "echo")
    await expect(ada.page.get_by_text("Write a message first.")).to_be_visible()
    assert await ada.questions.count() == 0


async def test_a_message_over_the_limit_stays_in_the_composer(visit: Visit) -> None:
    ada = await visit()
    await ada.pick("echo")
    text = "x" * (256 * 1024 + 1)
    await ada.message.fill(text)
    await ada.message.press("Enter")
    await expect(ada.page.get_by_role("alert")).to_contain_text("256 KB")
    assert await ada.message.input_value() == text
    assert await ada.questions.count() == 0


async def test_a_send_that_fails_gives_the_text_back(visit: Visit) -> None:
    ada = await visit()
    await ada.pick("echo")
    await ada.page.route("**/c/", lambda route: route.abort())
    await ada.ask("Do not lose me")
    await expect(ada.page.get_by_role("alert")).to_contain_text("The server did not answer")
    await expect(ada.message).to_have_value("Do not lose me")
    ada.forgive("net::ERR_FAILED POST")
    ada.forgive("Failed to fetch")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("cut", "The answer broke off"),
        ("html", "A web page answered"),
        ("error-401", "refused the key"),
        ("error-404", "does not know this model"),
        ("error-429", "too many requests"),
        ("error-500", "failed"),
    ],
)
async def test_a_failure_says_what_happened_and_offers_another_try(
    visit: Visit, model: str, words: str
) -> None:
    ada = await visit()
    await ada.ask("Hello", model)
    answer = await ada.answer("failed")
    await expect(answer).to_contain_text(words)
    await expect(answer.get_by_role("button", name="Try again")).to_be_visible()


async def test_a_model_that_was_taken_away_is_told_and_the_text_stays(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.pick("history")
    ada = await visit(path="admin/providers/model/")
    row = ada.page.get_by_role("row").filter(has_text="history")
    await row.get_by_role("checkbox").last.uncheck()
    await ada.page.get_by_role("button", name="Save").click()
    await sam.ask("Are you still there?")
    await expect(sam.page.get_by_role("alert")).to_contain_text("model")
    await expect(sam.message).to_have_value("Are you still there?")
    sam.forgive("422 POST")
    # Others pick it.
    await ada.go("admin/providers/model/")
    await row.get_by_role("checkbox").last.check()
    await ada.page.get_by_role("button", name="Save").click()
    await expect(row.get_by_role("checkbox").last).to_be_checked()


@pytest.mark.thorough
async def test_what_came_before_a_cut_is_kept_and_another_try_is_made(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Hello", "cut")
    answer = await ada.answer("failed")
    await expect(answer).to_contain_text("The first half, and then")
    await ada.pick("echo")
    await answer.get_by_role("button", name="Try again").click()
    await expect(ada.answers.last).to_contain_text("Hello")
    await ada.answer()
    assert await ada.questions.count() == 1


async def test_a_model_picked_for_a_new_chat_begins_the_next_one(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Hello", "markdown")
    await ada.answer()
    await ada.pick("echo")
    await ada.ask("And now?")
    await ada.answer()
    await ada.go()
    picked = ada.page.get_by_label("Model", exact=True).locator("option:checked")
    await expect(picked).to_have_text("markdown")
