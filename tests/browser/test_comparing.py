"""One question, several models: their answers grow side by side, and one of them goes on."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.axe import offences
from tests.browser.conftest import Service, Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

# By its word, or where there is no room for that by its hint.
OPENS = re.compile("Compare(…| models)")
COUNTED = [f"word{number}" for number in range(40)]


def _list(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("group", name="Compare models")


def _columns(visitor: Visitor) -> Locator:
    region = visitor.page.get_by_role("region", name="Compared answers")
    return region.get_by_role("article", name="Assistant")


def _column(visitor: Visitor, model: str) -> Locator:
    """They stand in the order of the list of models."""
    return _columns(visitor).filter(has=visitor.page.locator(".model", has_text=model))


def _button(at: Locator, name: str) -> Locator:
    return at.get_by_role("button", name=name)


async def _pick(visitor: Visitor, *models: str) -> None:
    """For the next question; the one in the composer is among them already."""
    await visitor.pick(models[0])
    await visitor.page.get_by_role("link", name=OPENS).click()
    await expect(_list(visitor).get_by_label(models[0], exact=True)).to_be_checked()
    for model in models[1:]:
        await _list(visitor).get_by_label(model, exact=True).check()
    await _button(_list(visitor), "Done").click()


async def _compare(visitor: Visitor, text: str, *models: str) -> None:
    await _pick(visitor, *models)
    await visitor.ask(text)
    await expect(_columns(visitor)).to_have_count(len(models))


async def _ended(column: Locator, state: str = "complete") -> None:
    await expect(column).to_have_attribute("data-state", state, timeout=30_000)


async def test_two_grow_together_one_is_stopped_one_is_kept_and_asked_on(
    visit: Visit, service: Service
) -> None:
    ada = await visit(viewport={"width": 1440, "height": 900})
    await _compare(ada, "Count", "slow-200x50", "count-40x50")
    slow, counting = _column(ada, "slow-200x50"), _column(ada, "count-40x50")
    for column, model in ((slow, "slow-200x50"), (counting, "count-40x50")):
        await expect(column).to_contain_text(model)
        await expect(column).to_contain_text("word3")
    await _button(slow, "Stop this one").click()
    await _ended(slow, "stopped")
    await _ended(counting)
    assert (await counting.locator(".prose").inner_text()).split() == COUNTED
    await expect(ada.page.get_by_text("goes on from the answer of count-40x50")).to_be_visible()
    await ada.page.reload()
    await expect(_columns(ada)).to_have_count(2)
    await _button(_column(ada, "count-40x50"), "Keep this one").click()
    await expect(_columns(ada)).to_have_count(0)
    await expect(ada.answers.last).to_contain_text("count-40x50")
    await expect(ada.page.get_by_label("Model", exact=True).locator(":checked")).to_have_text(
        "count-40x50"
    )
    await ada.ask("And on", "echo")
    await ada.answer(number=1)
    asked = [each["content"] for each in service.journal()[-1]["body"]["messages"]]
    assert [text.split()[-1] for text in asked] == ["Count", "word39", "on"]
    await ada.page.reload()
    await _button(ada.answers.first, "Next version").click()
    await expect(ada.answers.first).to_contain_text("slow-200x50")


@pytest.mark.thorough
async def test_asking_on_without_a_choice_keeps_the_first_that_is_complete(visit: Visit) -> None:
    ada = await visit()
    await _compare(ada, "Say it", "error-500", "echo", "markdown")
    await _ended(_column(ada, "error-500"), "failed")
    for column in (_column(ada, "echo"), _column(ada, "markdown")):
        await _ended(column)
    await expect(ada.page.get_by_text("goes on from the answer of echo")).to_be_visible()
    await ada.ask("And then?", "echo")
    await expect(_columns(ada)).to_have_count(0)
    await ada.answer(number=1)
    await expect(ada.answers.first.locator(".prose")).to_have_text("Say it")
    await expect(ada.answers.first).to_contain_text(re.compile("[12]/3"))
    await expect(ada.page.get_by_text("goes on from the answer of")).to_be_hidden()


async def test_all_are_stopped_at_once(visit: Visit) -> None:
    ada = await visit()
    await _compare(ada, "Count", "slow-200x50", "slow-40x50")
    await expect(_columns(ada).first).to_contain_text("word1")
    await _button(ada.page.locator(".compared"), "Stop all").click()
    for column in (_columns(ada).first, _columns(ada).last):
        await _ended(column, "stopped")
    await expect(ada.page.get_by_role("button", name="Stop", exact=True)).to_be_hidden()


@pytest.mark.thorough
async def test_one_that_failed_is_tried_again_beside_the_other(visit: Visit) -> None:
    ada = await visit()
    await _compare(ada, "Say it", "error-500", "held-20x20")
    await _ended(_column(ada, "error-500"), "failed")
    await _button(_column(ada, "error-500"), "Try again").click()
    await expect(_columns(ada)).to_have_count(2)
    await _ended(_column(ada, "error-500"), "failed")
    await expect(_column(ada, "held-20x20")).to_contain_text("word19")
    await _button(ada.page.locator(".compared"), "Stop all").click()
    await _ended(_column(ada, "held-20x20"), "stopped")


async def test_they_are_merged_by_the_model_that_is_picked(visit: Visit, service: Service) -> None:
    ada = await visit()
    await _compare(ada, "Say it", "echo", "count-40x50")
    for column in (_columns(ada).first, _columns(ada).last):
        await _ended(column)
    await ada.pick("history")
    await _button(ada.page.locator(".compared"), "Merge into one answer").click()
    await ada.answer()
    await expect(ada.answers.last).to_contain_text("history (merged)")
    await expect(ada.answers.last).to_contain_text("3/3")
    told = service.journal()[-1]["body"]["messages"][-1]["content"]
    assert "Say it" in told
    assert "word39" in told


@pytest.mark.thorough
async def test_another_tab_sees_them_grow_and_follows_the_choice(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Start", "echo")
    await ada.answer()
    other = await visit(path=await ada.path())
    await _compare(ada, "Count", "slow-200x50", "count-40x50")
    await expect(_columns(other)).to_have_count(2)
    await expect(_column(other, "slow-200x50")).to_contain_text("word3")
    await _button(_column(ada, "slow-200x50"), "Keep this one").click()
    await expect(_columns(other)).to_have_count(0)
    await expect(other.answers.last).to_contain_text("slow-200x50")
    await other.page.get_by_role("button", name="Stop", exact=True).click()
    await ada.answer("stopped")


@pytest.mark.thorough
async def test_another_model_answers_beside_the_last_answer(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Say it", "echo")
    await ada.answer()
    await ada.answers.last.get_by_role("link", name="Compare with another model").click()
    await ada.page.get_by_label("count-40x50", exact=True).check()
    await ada.page.get_by_role("button", name="Compare").click()
    await expect(_columns(ada)).to_have_count(2)
    await _ended(_column(ada, "count-40x50"))
    await expect(_column(ada, "echo").locator(".prose")).to_have_text("Say it")


async def test_no_more_than_four_can_be_picked_and_one_alone_is_none(visit: Visit) -> None:
    ada = await visit()
    await _pick(ada, "echo", "history", "markdown", "narrow")
    await ada.page.get_by_role("link", name=OPENS).click()
    await expect(_list(ada).get_by_label("image", exact=True)).to_be_disabled()
    for model in ("history", "markdown", "narrow"):
        await _list(ada).get_by_label(model, exact=True).uncheck()
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.get_by_label("Model", exact=True)).to_be_visible()
    await ada.ask("Alone", "echo")
    await ada.answer()
    await expect(_columns(ada)).to_have_count(0)


@pytest.mark.thorough
@pytest.mark.parametrize("width", [320, 390, 900, 1440])
async def test_at_any_width_the_page_does_not_scroll_sideways(visit: Visit, width: int) -> None:
    ada = await visit(viewport={"width": width, "height": 844})
    await _compare(ada, "Say it", "echo", "markdown", "history")
    for number in range(3):
        await _ended(_columns(ada).nth(number))
    page = ada.page.locator("html")
    assert await page.evaluate("it => it.scrollWidth") == width
    tops = {await _top(_columns(ada).nth(number)) for number in range(3)}
    assert len(tops) == (1 if width >= 900 else 3)


@pytest.mark.thorough
async def test_nothing_is_wrong_with_it_for_a_screen_reader(visit: Visit) -> None:
    ada = await visit(viewport={"width": 1440, "height": 900})
    await _compare(ada, "Say it", "echo", "slow-200x50")
    await _ended(_column(ada, "echo"))
    found = await offences(ada.page)
    await _button(ada.page.locator(".compared"), "Stop all").click()
    await _ended(_column(ada, "slow-200x50"), "stopped")
    found += await offences(ada.page)
    await ada.page.get_by_role("link", name=OPENS).click()
    await expect(_list(ada)).to_be_visible()
    assert found + await offences(ada.page) == []


@pytest.mark.thorough
async def test_all_of_it_works_without_javascript(visit: Visit) -> None:
    plain = await visit(java_script_enabled=False)
    await plain.page.get_by_role("link", name=OPENS).click()
    await plain.page.get_by_role("textbox", name="Message").fill("Say it")
    picked = plain.page.locator("[name=compare]:checked")
    for box in await picked.all():
        await box.uncheck()
    for model in ("echo", "count-40x50"):
        await plain.page.get_by_label(model, exact=True).check()
    await plain.page.get_by_role("button", name="Send").click()
    await expect(_columns(plain)).to_have_count(2)
    await _ended(_column(plain, "count-40x50"))
    await _button(_column(plain, "count-40x50"), "Keep this one").click()
    await expect(plain.answers.last).to_contain_text("1/2")
    assert (await plain.prose()).split() == COUNTED


async def _top(locator: Locator) -> int:
    box = await locator.bounding_box()
    assert box
    return round(box["y"])
