"""Asking and watching the answer grow."""

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Service, Visit

pytestmark = pytest.mark.browser

#: An answer's markup without what belongs to one view of it: the cursor, the
#: token, and the room for thoughts, which nobody sees while it is empty.
MARKUP = """answer => {
  const copy = answer.cloneNode(true);
  const ours = "[name=csrfmiddlewaretoken], [name=key], .reasoning:has(> .text:empty)";
  for (const part of copy.querySelectorAll(ours)) part.remove();
  for (const part of copy.querySelectorAll("[data-cursor]")) part.removeAttribute("data-cursor");
  return copy.outerHTML.replaceAll(/>\\s+</g, "><");
}"""


#: From now on: whether a heading was ever seen in an answer that was not whole yet.
GROWS = """() => {
  window.grew = false;
  const look = () => { window.grew ||= document.querySelector("[aria-busy] .prose h1") !== null; };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


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
    await ada.page.evaluate(GROWS)
    await ada.ask("Show me everything", "markdown")
    answer = await ada.answer()
    assert await ada.page.evaluate("window.grew")
    assert await answer.get_attribute("aria-busy") is None
    for part in ("strong", "ul li ul li", "table td", "pre code .hl-k", 'a[href^="https:"]'):
        await expect(answer.locator(part).first).to_be_visible()


async def test_the_live_page_is_the_reloaded_page(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Show me everything", "markdown")
    await ada.answer()
    live = await ada.answers.last.evaluate(MARKUP)
    await ada.page.reload()
    assert await ada.answers.last.evaluate(MARKUP) == live


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
    assert await service.was_left()
    await expect(ada.page.get_by_role("button", name="Send")).to_be_visible()
    await expect(ada.message).to_be_focused()
