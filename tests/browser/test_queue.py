"""The next message, written while an answer is: it waits, and is sent when its turn comes."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def _waiting(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Waiting messages").get_by_role("listitem")


async def _press(visitor: Visitor, name: str, number: int = 0) -> None:
    await _waiting(visitor).nth(number).get_by_role("button", name=name).click()


async def _counting(visit: Visit, model: str = "slow-200x50") -> Visitor:
    """Somebody whose answer is being written for a while."""
    ada = await visit()
    await ada.ask("Count", model)
    await expect(ada.answers.last).to_contain_text("word1")
    return ada


async def test_two_messages_wait_and_are_sent_one_after_the_other(
    visit: Visit, service: Service
) -> None:
    ada = await _counting(visit, "held-20x20")
    await ada.ask("And then?", "echo")
    await expect(_waiting(ada)).to_have_count(1)
    await ada.ask("And after that?", "echo")
    await expect(_waiting(ada)).to_contain_text(["And then?", "And after that?"])
    await expect(ada.message).to_have_value("")
    service.release()
    await ada.answer(number=1)
    await expect(await ada.answer(number=2)).to_contain_text("And after that?")
    await expect(_waiting(ada)).to_have_count(0)
    assert len(service.journal()[-1]["body"]["messages"]) == 5


@pytest.mark.thorough
async def test_it_is_there_after_a_reload_and_in_another_tab(visit: Visit) -> None:
    ada = await _counting(visit)
    other = await visit(path=await ada.path())
    await ada.ask("And then?")
    await expect(_waiting(other)).to_contain_text(["And then?"])
    await ada.page.reload()
    await expect(_waiting(ada)).to_contain_text(["And then?"])
    await _press(other, "Remove")
    await expect(_waiting(ada)).to_have_count(0)
    await ada.page.get_by_role("button", name="Stop").click()
    await ada.answer("stopped")


async def test_what_was_removed_comes_back(visit: Visit, service: Service) -> None:
    ada = await _counting(visit, "held-20x20")
    await ada.ask("And then?", "echo")
    await expect(_waiting(ada)).to_have_count(1)
    await ada.ask("And after that?", "echo")
    await expect(_waiting(ada)).to_have_count(2)
    await _press(ada, "Remove")
    await expect(_waiting(ada)).to_contain_text(["And after that?"])
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(_waiting(ada)).to_contain_text(["And then?", "And after that?"])
    await expect(ada.page.locator("chat-toast")).to_have_count(0)
    service.release()
    await ada.answer(number=2)


async def test_it_is_edited_in_its_place(visit: Visit) -> None:
    ada = await _counting(visit)
    await ada.ask("And than?")
    await _press(ada, "Edit")
    field = ada.page.get_by_role("textbox", name="Waiting message")
    await expect(field).to_be_focused()
    await field.fill("And then?")
    # What comes meanwhile leaves what is typed.
    await ada.ask("And after that?")
    await expect(_waiting(ada)).to_have_count(2)
    await expect(field).to_have_value("And then?")
    await field.press("Enter")
    await expect(_waiting(ada)).to_contain_text(["And then?", "And after that?"])
    await ada.page.get_by_role("button", name="Stop").click()


async def test_what_is_being_edited_waits_for_that(visit: Visit, service: Service) -> None:
    ada = await _counting(visit, "held-20x20")
    await ada.ask("And then?", "echo")
    await _press(ada, "Edit")
    await expect(ada.page.get_by_role("textbox", name="Waiting message")).to_be_focused()
    service.release()
    await ada.answer()
    await expect(_waiting(ada)).to_contain_text(["Nothing is sent until it is saved"])
    await _press(ada, "Cancel")
    await expect(await ada.answer(number=1)).to_contain_text("And then?")


async def test_after_a_stop_nothing_is_sent_before_the_word_to_go_on(visit: Visit) -> None:
    ada = await _counting(visit)
    await ada.ask("And then?", "echo")
    await expect(_waiting(ada)).to_have_count(1)
    await ada.page.get_by_role("button", name="Stop").click()
    await ada.answer("stopped")
    await expect(ada.page.get_by_text("nothing is sent by itself")).to_be_visible()
    assert await ada.questions.count() == 1
    await _press(ada, "Send now")
    await expect(await ada.answer(number=1)).to_contain_text("And then?")
    await expect(_waiting(ada)).to_have_count(0)


async def test_send_now_stops_the_answer_that_is_written(visit: Visit) -> None:
    ada = await _counting(visit)
    await ada.ask("Rather this", "echo")
    await _press(ada, "Send now")
    await ada.answer("stopped", number=0)
    await expect(await ada.answer(number=1)).to_contain_text("Rather this")


async def test_what_is_typed_stays_while_a_waiting_one_is_sent(
    visit: Visit, service: Service
) -> None:
    ada = await _counting(visit, "held-20x20")
    await ada.ask("And then?", "echo")
    await expect(_waiting(ada)).to_have_count(1)
    await ada.message.fill("half a thought")
    service.release()
    await ada.answer(number=1)
    await expect(ada.message).to_have_value("half a thought")
    # Longer than it takes to keep a draft.
    await ada.page.wait_for_timeout(1500)
    await ada.page.reload()
    await expect(ada.message).to_have_value("half a thought")
    await ada.message.fill("")
    await ada.page.wait_for_timeout(1500)


@pytest.mark.thorough
async def test_a_question_that_is_edited_meanwhile_keeps_its_send_id(visit: Visit) -> None:
    ada = await _counting(visit)
    await ada.questions.first.get_by_role("button", name="Edit").click()
    own = ada.page.locator(".edit [name=send_id]")
    before = await own.input_value()
    await ada.ask("And then?")
    await expect(_waiting(ada)).to_have_count(1)
    await expect(own).to_have_value(before)
    await ada.page.get_by_role("button", name="Stop").click()


@pytest.mark.thorough
async def test_with_a_finger_there_is_a_button_for_it(visit: Visit) -> None:
    ada = await _counting(visit)
    send = ada.page.get_by_role("button", name="Send", exact=True)
    await expect(send).to_be_hidden()
    await ada.message.fill("And then?")
    await send.click()
    await expect(_waiting(ada)).to_contain_text(["And then?"])
    await expect(send).to_be_hidden()
    await ada.page.get_by_role("button", name="Stop").click()


async def test_a_message_that_did_not_arrive_comes_back(visit: Visit) -> None:
    ada = await _counting(visit)
    await ada.page.route("**/queue/", lambda route: route.abort())
    await ada.ask("And then?")
    await expect(ada.page.get_by_role("alert")).to_contain_text("The server did not answer")
    await expect(ada.message).to_have_value("And then?")
    await ada.page.unroute("**/queue/")
    await ada.page.get_by_role("button", name="Try again").click()
    await expect(_waiting(ada)).to_contain_text(["And then?"])
    await ada.page.get_by_role("button", name="Stop").click()
    ada.forgive("net::ERR_FAILED POST")
    ada.forgive("Failed to fetch")


@pytest.mark.thorough
async def test_without_javascript_the_next_message_waits_too(visit: Visit) -> None:
    sam = await visit("sam")
    await sam.ask("Count", "slow-200x50")
    await expect(sam.answers.last).to_contain_text("word1")
    plain = await visit("sam", await sam.path(), java_script_enabled=False)
    await plain.page.get_by_role("link", name="Write the next message").click()
    await plain.message.fill("And then?")
    await plain.pick("echo")
    await plain.page.get_by_role("button", name="Send", exact=True).click()
    await expect(_waiting(plain)).to_contain_text(["And then?"])
    await _press(plain, "Edit")
    await plain.page.get_by_role("textbox", name="Waiting message").fill("And now?")
    await _press(plain, "Save")
    await _press(plain, "Send now")
    await expect(plain.questions).to_have_text([re.compile("Count"), re.compile("And now?")])
    await plain.answer(number=1)
