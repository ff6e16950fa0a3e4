"""Versions of questions and answers, and the branches of a conversation that they make."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

COUNTED = [f"word{number}" for number in range(40)]


async def _edit(visitor: Visitor, text: str, number: int = -1) -> None:
    await _button(visitor.questions.nth(number), "Edit").click()
    field = visitor.page.get_by_role("textbox", name="Edited message")
    await expect(field).to_be_focused()
    await field.fill(text)
    await field.press("Enter")


async def _switch(message: Locator, name: str) -> None:
    await _button(message, f"{name} version").click()


def _button(message: Locator, name: str) -> Locator:
    return message.get_by_role("button", name=name, exact=True)


def _text(message: Locator) -> Locator:
    return message.locator(".text")


async def _shows(visitor: Visitor, *texts: str) -> None:
    await expect(visitor.questions.locator("> .text")).to_have_text(list(texts))


async def test_an_edited_question_is_a_version_beside_the_old_one(
    visit: Visit, service: Service
) -> None:
    ada = await visit()
    await ada.ask("First", "echo")
    await ada.answer()
    await ada.ask("Secnod")
    await ada.answer()
    await _edit(ada, "Second")
    await _shows(ada, "First", "Second")
    await ada.answer()
    await expect(ada.questions.last).to_contain_text("2/2")
    asked = [each["content"] for each in service.journal()[-1]["body"]["messages"]]
    assert asked[0::2] == ["First", "Second"]
    await _switch(ada.questions.last, "Previous")
    await _shows(ada, "First", "Secnod")
    await expect(ada.questions.last).to_contain_text("1/2")
    await ada.page.reload()
    await _shows(ada, "First", "Secnod")


async def test_another_model_answers_beside_the_first(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Say it", "echo")
    await ada.answer()
    await ada.ask("And then?")
    await ada.answer(number=1)
    await ada.pick("count-40x50")
    await _button(ada.answers.first, "Regenerate").click()
    await expect(ada.questions).to_have_count(1)
    await ada.answer()
    await expect(ada.answers.first).to_contain_text("count-40x50")
    assert (await ada.prose()).split() == COUNTED
    await _switch(ada.answers.first, "Previous")
    # As it was left: with what had followed it.
    await _shows(ada, "Say it", "And then?")
    await expect(ada.answers.first).to_contain_text("echo")


async def test_the_version_that_is_shown_is_the_one_that_is_asked_on(
    visit: Visit, service: Service
) -> None:
    ada = await visit()
    await ada.ask("One", "echo")
    await ada.answer()
    await _edit(ada, "Two")
    await ada.answer()
    await _switch(ada.questions.first, "Previous")
    await expect(ada.questions.first).to_contain_text("1/2")
    await ada.ask("Three")
    await expect(ada.answers).to_have_count(2)
    await ada.answer()
    asked = [each["content"] for each in service.journal()[-1]["body"]["messages"]]
    assert asked[0::2] == ["One", "Three"]


@pytest.mark.thorough
async def test_a_switch_stops_no_answer_and_the_way_back_shows_it_grow(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Quick", "echo")
    await ada.answer()
    await ada.pick("slow-40x50")
    await _edit(ada, "Count")
    await expect(ada.answers.last).to_contain_text("word2")
    await _switch(ada.questions.first, "Previous")
    await expect(ada.page.get_by_role("button", name="Stop")).to_be_hidden()
    await _switch(ada.questions.first, "Next")
    await expect(ada.answers.last).to_have_attribute("aria-busy", "true")
    await expect(ada.page.get_by_role("button", name="Stop")).to_be_visible()
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED


@pytest.mark.thorough
async def test_while_one_branch_is_written_another_can_be_asked(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Quick", "echo")
    await ada.answer()
    await ada.pick("slow-40x50")
    await _edit(ada, "Count")
    await expect(ada.answers.last).to_contain_text("word2")
    await _switch(ada.questions.first, "Previous")
    await ada.ask("And now?", "echo")
    await ada.answer()
    await _shows(ada, "Quick", "And now?")
    await _switch(ada.questions.first, "Next")
    await _shows(ada, "Count")
    await ada.answer()
    assert (await ada.prose()).split() == COUNTED


@pytest.mark.thorough
async def test_the_keys_go_through_the_versions_and_nothing_jumps(visit: Visit) -> None:
    ada = await visit(viewport={"width": 900, "height": 600})
    for text in ("line\n\n" * 30, "one"):
        await ada.ask(text, "echo")
        await ada.answer()
    await _edit(ada, "two\n\n" * 60)
    await ada.answer()
    await _edit(ada, "three")
    await ada.answer()
    before = _button(ada.questions.last, "Previous version")
    await before.focus()
    top = await _top(before)
    await before.press("Enter")
    await expect(ada.questions.last).to_contain_text("2/3")
    await expect(before).to_be_focused()
    assert abs(await _top(before) - top) < 2
    await before.press("Enter")
    await expect(ada.questions.last).to_contain_text("1/3")
    await expect(_button(ada.questions.last, "Next version")).to_be_focused()


async def test_a_second_tab_follows_and_keeps_what_is_edited_in_it(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Start", "echo")
    await ada.answer()
    other = await visit(path=await ada.path())
    await _button(other.questions.first, "Edit").click()
    field = other.page.get_by_role("textbox", name="Edited message")
    await field.fill("From the other")
    await _edit(ada, "From the first")
    await ada.answer()
    await other.page.wait_for_timeout(2500)
    await expect(field).to_have_value("From the other")
    await field.press("Enter")
    await _shows(other, "From the other")
    await expect(other.questions.first).to_contain_text("3/3")
    await _shows(ada, "From the other")
    await other.answer()
    await _switch(other.questions.first, "Previous")
    await _shows(ada, "From the first")
    await expect(ada.questions.first).to_contain_text("2/3")


@pytest.mark.thorough
async def test_another_tab_s_switch_is_followed_while_an_answer_is_written(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Quick", "echo")
    await ada.answer()
    await ada.pick("slow-200x50")
    await _edit(ada, "Count")
    await expect(ada.answers.last).to_contain_text("word2")
    other = await visit(path=await ada.path())
    await _switch(other.questions.first, "Previous")
    await _shows(ada, "Quick")
    await expect(ada.page.get_by_role("button", name="Stop")).to_be_hidden()
    await ada.ask("And now?", "echo")
    await _shows(ada, "Quick", "And now?")
    await ada.answer()


async def test_an_edit_is_left_with_escape(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("As it is", "echo")
    await ada.answer()
    edit = _button(ada.questions.first, "Edit")
    await edit.click()
    await ada.page.get_by_role("textbox", name="Edited message").fill("Otherwise")
    await ada.page.keyboard.press("Escape")
    await expect(edit).to_be_focused()
    await _shows(ada, "As it is")
    await expect(_text(ada.questions.first)).to_be_visible()


async def test_what_is_deleted_comes_back_with_what_followed_it(visit: Visit) -> None:
    ada = await visit()
    for text in ("Keep", "Drop"):
        await ada.ask(text, "echo")
        await ada.answer()
    await _button(ada.questions.last, "Delete").click()
    await _shows(ada, "Keep")
    await expect(ada.answers).to_have_count(1)
    undo = ada.page.get_by_role("status").filter(has_text="2 messages were deleted.")
    await undo.get_by_role("button", name="Undo").click()
    await _shows(ada, "Keep", "Drop")
    await expect(ada.answers).to_have_count(2)
    await expect(ada.page.get_by_text("were deleted")).to_have_count(0)


@pytest.mark.thorough
async def test_without_its_answer_a_question_can_be_answered_anew(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("What?", "echo")
    await ada.answer()
    await _button(ada.answers.last, "Delete").click()
    await expect(ada.answers).to_have_count(0)
    await ada.page.reload()
    await _button(ada.questions.last, "Answer this").click()
    await ada.answer()
    await expect(_button(ada.questions.last, "Answer this")).to_be_hidden()


@pytest.mark.thorough
async def test_of_two_versions_the_other_takes_the_place_of_a_deleted_one(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Old", "echo")
    await ada.answer()
    await _edit(ada, "New")
    await ada.answer()
    await _button(ada.questions.last, "Delete").click()
    await _shows(ada, "Old")
    await expect(_button(ada.questions.last, "Previous version")).to_have_count(0)


async def test_a_fork_is_a_chat_of_its_own(visit: Visit) -> None:
    ada = await visit()
    for text in ("Root", "Leaf"):
        await ada.ask(text, "echo")
        await ada.answer()
    path = await ada.path()
    await _button(ada.answers.first, "Fork").click()
    await expect(ada.page.get_by_role("heading", name="Root (fork)")).to_be_visible()
    await _shows(ada, "Root")
    await ada.ask("Elsewhere")
    await ada.answer()
    await ada.go(path)
    await _shows(ada, "Root", "Leaf")


async def test_a_hit_leads_to_the_branch_that_holds_it(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("A walnut tree", "echo")
    await ada.answer()
    await _edit(ada, "A hazel tree")
    await ada.answer()
    await ada.go("/search/?q=walnut")
    await ada.page.locator(".hit").get_by_role("link").first.click()
    await expect(ada.questions.first).to_contain_text("1/2")
    await _shows(ada, "A walnut tree")


@pytest.mark.thorough
async def test_all_of_it_works_without_javascript(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("First", "echo")
    await ada.answer()
    plain = await visit(path=await ada.path(), java_script_enabled=False)
    await _button(plain.questions.first, "Edit").click()
    await plain.page.get_by_role("textbox", name="Edited message").fill("Second")
    await plain.page.get_by_role("button", name="Send").click()
    await plain.answer()
    await _shows(plain, "Second")
    await _switch(plain.questions.first, "Previous")
    await _shows(plain, "First")
    again = plain.answers.last.get_by_role("link", name="With another model", exact=True)
    await again.click()
    await plain.page.get_by_label("Model").select_option(label="count-40x50")
    await plain.page.get_by_role("button", name="Regenerate").click()
    await plain.answer()
    await expect(plain.answers.last).to_contain_text("2/2")
    await _button(plain.answers.last, "Delete").click()
    await expect(plain.answers.last).to_contain_text("echo")
    await plain.page.get_by_role("button", name="Undo").click()
    await expect(plain.answers.last).to_contain_text("count-40x50")
    await _button(plain.answers.last, "Fork").click()
    await expect(plain.page.get_by_role("heading", name=re.compile("fork"))).to_be_visible()


async def _top(locator: Locator) -> float:
    box = await locator.bounding_box()
    assert box
    return box["y"]
