"""A chat that only its page holds: asked, followed, stopped, gone with a reload, and kept."""

import re

import pytest
from playwright.async_api import Dialog, Locator, expect

from tests.browser.axe import offences
from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PATH = "c/temporary/"
NOTE = "Nothing of this chat is stored here"
STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  (await caches.keys()).filter((name) => name.startsWith("chats-of-")).length,
]"""

COPIED = "text => navigator.clipboard.readText().then((copied) => copied.startsWith(text))"


def keep(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("button", name="Keep this chat")


async def stay(visitor: Visitor) -> list[str]:
    """From now on whoever is asked whether to leave stays; what was asked."""
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    visitor.page.on("dialog", answer)
    return asked


async def leave_always(visitor: Visitor) -> None:
    visitor.page.on("dialog", lambda dialog: dialog.accept())


async def test_a_new_chat_leads_to_it_and_it_says_what_it_is(visit: Visit) -> None:
    ada = await visit()
    await ada.page.get_by_role("link", name="Temporary", exact=True).click()
    await expect(ada.page.get_by_text(NOTE)).to_be_visible()
    await expect(ada.message).to_be_focused()
    await expect(keep(ada)).to_be_hidden()


async def test_an_answer_is_formatted_and_the_next_question_brings_all_along(
    visit: Visit, service: Service
) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.ask("Show me everything", "markdown")
    first = await ada.answer()
    await expect(first.get_by_role("heading", name="A heading")).to_be_visible()
    await expect(first.locator("pre code .hl-k").first).to_be_visible()
    await ada.ask("  And 中文\n\t🎉?", "echo")
    await ada.answer(number=1)
    told = service.journal()[-1]["body"]["messages"]
    assert [each["role"] for each in told] == ["user", "assistant", "user"]
    assert told[1]["content"].startswith("# A heading\n\nSome **bold** words")
    assert told[2]["content"] == "  And 中文\n\t🎉?"


async def test_a_system_prompt_goes_with_each_question(visit: Visit, service: Service) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.page.get_by_role("button", name="System prompt").click()
    await ada.page.locator("textarea[name=system_prompt]").fill("Be brief.")
    await ada.page.keyboard.press("Escape")
    for number in range(2):
        await ada.ask("Hello", "echo")
        await ada.answer(number=number)
    told = service.journal()[-1]["body"]["messages"]
    assert told[0] == {"role": "system", "content": "Be brief."}
    assert len(told) == 4


async def test_stop_keeps_what_came_and_the_chat_goes_on(visit: Visit, service: Service) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.ask("Count", "slow-200x50")
    await expect(ada.answers.last).to_contain_text("word3")
    await ada.page.get_by_role("button", name="Stop").click()
    await ada.answer("stopped")
    await expect(ada.answers.last).to_contain_text("Stopped")
    assert await service.was_left()
    await ada.ask("And then?", "echo")
    await ada.answer(number=1)
    told = service.journal()[-1]["body"]["messages"][1]["content"]
    assert told.startswith("word0 word1 word2 word3")


async def test_an_error_has_words_and_another_try(visit: Visit, service: Service) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.ask("Why?", "error-401")
    failed = await ada.answer("failed")
    await expect(failed).to_contain_text("The service refused the key.")
    await ada.pick("echo")
    await failed.get_by_role("button", name="Try again").click()
    await expect(ada.answers.last).to_have_attribute("data-state", "complete")
    await expect(ada.answers).to_have_count(1)
    await expect(ada.questions).to_have_count(1)
    assert service.journal()[-1]["body"]["messages"] == [{"role": "user", "content": "Why?"}]


@pytest.mark.thorough
async def test_while_an_answer_is_written_a_question_waits_in_the_composer(visit: Visit) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.ask("Count", "slow-40x50")
    await expect(ada.answers.last).to_contain_text("word1")
    await ada.ask("Too early")
    await expect(ada.page.get_by_role("alert")).to_contain_text("still being written")
    await ada.answer()
    await expect(ada.message).to_have_value("Too early")
    await ada.message.press("Enter")
    await expect(ada.questions).to_have_count(2)
    await ada.answer(number=1)


async def test_questions_answers_and_code_can_be_copied(visit: Visit) -> None:
    ada = await visit(path=PATH, permissions=["clipboard-read", "clipboard-write"])
    await leave_always(ada)
    await ada.ask("Show *me*", "markdown")
    answer = await ada.answer()
    for place, text in (
        (ada.questions.last, "Show *me*"),
        (answer.locator(".foot"), "# A heading"),
        (answer.locator("figure"), "def greet"),
    ):
        await place.get_by_role("button", name=re.compile("^Copy")).first.click()
        await ada.until(COPIED, text)


async def test_leaving_asks_first_and_a_reload_is_empty(visit: Visit) -> None:
    ada = await visit(path=PATH)
    await ada.ask("Remember this", "echo")
    await ada.answer()
    asked = await stay(ada)
    await ada.sidebar.get_by_role("link", name="New chat").click()
    await expect(ada.answers).to_have_count(1)
    assert asked == ["beforeunload"]


async def test_a_reload_is_empty_and_nothing_is_left_in_the_browser(visit: Visit) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.ask("Remember this", "echo")
    await ada.answer()
    assert await ada.page.evaluate(STORED) == [0, 0, 0, 0]
    await ada.page.reload()
    await expect(ada.message).to_have_value("")
    await expect(ada.answers).to_have_count(0)
    await ada.go()
    await expect(ada.sidebar.get_by_text("Remember this")).to_have_count(0)


async def test_it_is_kept_after_all(visit: Visit, service: Service) -> None:
    ada = await visit(path=PATH)
    await ada.ask("Is this worth keeping?", "thoughtful")
    await ada.answer()
    await keep(ada).click()
    await ada.page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    await expect(ada.questions).to_contain_text("Is this worth keeping?")
    await expect(ada.answers).to_contain_text("There it is.")
    await expect(ada.answers.locator(".reasoning .text")).to_contain_text("Let me see.")
    await ada.ask("Go on", "echo")
    await ada.answer(number=1)
    assert len(service.journal()[-1]["body"]["messages"]) == 3


@pytest.mark.thorough
async def test_an_image_is_shown_without_being_stored(visit: Visit) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.ask("Draw", "image")
    answer = await ada.answer()
    image = answer.get_by_role("img", name="Image 1 of the answer")
    assert await image.evaluate("it => it.complete && it.naturalWidth") == 64
    await expect(ada.page.get_by_text("Images are not kept with it.")).to_be_visible()


async def test_a_chat_that_is_too_large_is_told_before_it_is_sent(visit: Visit) -> None:
    ada = await visit(path=PATH)
    await leave_always(ada)
    await ada.page.locator("chat-temporary").evaluate("it => (it.dataset.mostKb = 1)")
    await ada.ask("x" * 2000, "echo")
    await expect(ada.page.get_by_role("alert")).to_contain_text("too large to be sent")
    await expect(ada.message).to_have_value("x" * 2000)


@pytest.mark.thorough
async def test_a_log_out_elsewhere_ends_what_is_being_written(visit: Visit) -> None:
    sam = await visit("")
    await sam.log_in("sam")
    await sam.go(PATH)
    await leave_always(sam)
    await sam.ask("Count", "slow-200x50")
    await expect(sam.answers.last).to_contain_text("word3")
    other = await Visitor.arrive(sam.context, sam.url, "")
    await other.open_menu()
    await other.page.get_by_role("button", name="Log out").click()
    answer = await sam.answer("interrupted")
    await expect(answer).to_contain_text("interrupted before it was finished")
    await answer.get_by_role("button", name="Try again").click()
    await expect(sam.page.get_by_role("alert")).to_contain_text("You are signed out")
    sam.forgive("401 POST")


async def test_without_javascript_it_says_that_it_needs_it(visit: Visit) -> None:
    sam = await visit("sam", PATH, java_script_enabled=False)
    told = sam.page.locator(".scriptless")
    await expect(told).to_be_visible()
    assert "A temporary chat needs JavaScript" in await told.inner_text()
    await expect(sam.message).to_be_hidden()
    await told.locator("a").click()
    await expect(sam.message).to_be_visible()


async def test_it_fits_a_phone(visit: Visit) -> None:
    sam = await visit("sam", PATH, viewport={"width": 390, "height": 844})
    await leave_always(sam)
    await sam.ask("Show me everything", "markdown")
    await sam.answer()
    width = await sam.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    await expect(keep(sam)).to_be_in_viewport()


@pytest.mark.thorough
async def test_axe_finds_nothing_wrong_with_it(visit: Visit) -> None:
    sam = await visit("sam", PATH)
    await leave_always(sam)
    assert await offences(sam.page) == []
    await sam.ask("Show me everything", "markdown")
    await sam.answer()
    assert await offences(sam.page) == []
