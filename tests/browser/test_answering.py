"""Asking and watching the answer grow."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Service, Visit

pytestmark = pytest.mark.browser


async def test_the_caret_is_in_the_composer_and_a_model_is_picked(visit: Visit) -> None:
    ada = await visit()
    await expect(ada.message).to_be_focused()
    assert await ada.page.get_by_label("Model", exact=True).input_value()


async def test_the_question_stands_there_before_the_server_answers(visit: Visit) -> None:
    ada = await visit()

    async def hold(route: Route) -> None:
        await expect(ada.questions.last).to_contain_text("Are you there?")
        await route.continue_()

    await ada.page.route("**/c/", hold)
    await ada.ask("Are you there?", "echo")
    await ada.answer()
    assert await ada.questions.count() == 1


async def test_an_answer_grows_as_formatted_text(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Show me everything", "markdown")
    await expect(ada.answers.last.get_by_role("heading", name="A heading")).to_be_visible()
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    answer = await ada.answer()
    for part in ("strong", "ul li ul li", "table td", "pre code .hl-k", 'a[href^="https:"]'):
        await expect(answer.locator(part).first).to_be_visible()


async def test_the_live_page_is_the_reloaded_page(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Show me everything", "markdown")
    answer = await ada.answer()
    live = await answer.locator(".prose").evaluate("e => (e.normalize(), e.textContent.trim())")
    await ada.page.reload()
    stored = await ada.answers.last.locator(".prose").evaluate("e => e.textContent.trim()")
    assert live == stored


async def test_the_service_is_told_the_whole_history_byte_for_byte(
    visit: Visit, service: Service
) -> None:
    ada = await visit()
    texts = ["  Zeilen\n\n\tund 中文 🎉 <b>&amp;</b>", "and why?"]
    await ada.ask(texts[0], "echo")
    await ada.answer()
    await ada.ask(texts[1])
    await ada.answer(number=1)
    assert service.journal()[-1]["body"]["messages"] == [
        {"role": "user", "content": texts[0]},
        {"role": "assistant", "content": texts[0]},
        {"role": "user", "content": texts[1]},
    ]


async def test_a_system_prompt_goes_first(visit: Visit, service: Service) -> None:
    ada = await visit()
    await ada.page.get_by_role("button", name="System prompt").click()
    await ada.page.locator("textarea[name=system_prompt]").fill("Be brief.")
    await ada.page.keyboard.press("Escape")
    await ada.ask("Hello", "echo")
    await ada.answer()
    first = service.journal()[-1]["body"]["messages"][0]
    assert first == {"role": "system", "content": "Be brief."}


async def test_stop_keeps_the_text_and_ends_the_request(visit: Visit, service: Service) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await ada.page.get_by_role("button", name="Stop").click()
    await ada.answer("stopped")
    assert "word3" in await ada.prose()
    assert service.journal()[-1]["disconnected"] is True
    await expect(ada.page.get_by_role("button", name="Send")).to_be_visible()


async def test_leaving_is_not_stopping(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word2")
    path = await ada.path()
    await ada.page.close()
    later = await visit(path=path)
    await later.answer()
    assert (await later.prose()).split() == [f"word{number}" for number in range(40)]


@pytest.mark.parametrize("word", ["word0", "word7", "word25"])
async def test_a_reload_in_the_middle_loses_and_repeats_nothing(visit: Visit, word: str) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text(word)
    await ada.page.reload()
    await ada.answer()
    assert (await ada.prose()).split() == [f"word{number}" for number in range(40)]


@pytest.mark.parametrize("code", [1000, 1011, 4000])
async def test_a_cut_socket_comes_back_and_the_text_is_exact(visit: Visit, code: int) -> None:
    ada = await visit()
    sockets = []

    async def meet(socket: object) -> None:
        sockets.append((socket, socket.connect_to_server()))  # type: ignore[attr-defined]

    await ada.page.route_web_socket(re.compile("/ws/chat/"), meet)
    await ada.page.reload()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word5")
    page_side, server_side = sockets[-1]
    await server_side.close()
    await page_side.close(code=code)  # type: ignore[attr-defined]
    await ada.answer()
    assert len(sockets) == 2
    assert (await ada.prose()).split() == [f"word{number}" for number in range(40)]


async def test_two_tabs_show_the_same(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word1")
    other = await visit(path=await ada.path())
    await ada.answer()
    await other.answer()
    assert await ada.prose() == await other.prose()


async def test_the_page_follows_until_the_reader_scrolls_up(visit: Visit) -> None:
    ada = await visit(viewport={"width": 900, "height": 500})
    await ada.ask("line\n\n" * 60, "echo")
    await ada.answer()
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word5")
    await ada.page.mouse.move(450, 200)
    await ada.page.mouse.wheel(0, -600)
    jump = ada.page.get_by_role("button", name="Jump to latest")
    await expect(jump).to_be_visible()
    before = await ada.page.evaluate("scrollY")
    await expect(ada.answers.last).to_contain_text("word40")
    assert await ada.page.evaluate("scrollY") == before
    await jump.click()
    await expect(jump).to_be_hidden()
    await ada.page.get_by_role("button", name="Stop").click()
    await ada.answer("stopped")
