"""A user looks at what they used."""

import csv
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.axe import offences
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


async def after_an_answer(visit: Visit, **options: object) -> Visitor:
    sam = await visit("sam", **options)
    await sam.ask("How much is a quoll", "echo")
    await sam.answer()
    return sam


async def test_the_account_menu_leads_to_the_figures_and_a_chat_s_name_back(visit: Visit) -> None:
    sam = await after_an_answer(visit)
    chat = await sam.path()
    await sam.open_menu()
    await sam.sidebar.get_by_role("link", name="Usage").click()
    await expect(sam.page.get_by_role("img").first).to_be_visible()
    await sam.page.get_by_role("combobox", name="By").select_option(label="chat")
    await sam.page.get_by_role("button", name="Show").click()
    await sam.page.get_by_role("link", name="How much is a quoll").first.click()
    await expect(sam.questions.last).to_contain_text("quoll")
    assert await sam.path() == chat


async def test_a_reload_and_back_keep_what_was_asked_for(visit: Visit) -> None:
    sam = await after_an_answer(visit)
    await sam.go("usage/?by=model")
    await sam.page.get_by_role("link", name="7 days", exact=True).press("Enter")
    await expect(sam.page.locator(".choices [aria-current=true]")).to_have_text("7 days")
    await sam.page.reload()
    await expect(sam.page.get_by_role("combobox", name="By")).to_have_value("model")
    await sam.page.go_back()
    await expect(sam.page.locator(".choices [aria-current=true]")).to_have_text("30 days")


@pytest.mark.thorough
async def test_the_csv_has_the_same_as_the_page(visit: Visit, tmp_path: Path) -> None:
    sam = await after_an_answer(visit)
    await sam.go("usage/?by=conversation")
    async with sam.page.expect_download() as downloading:
        await sam.page.get_by_role("link", name="Download as CSV").click()
    file = tmp_path / "usage.csv"
    await (await downloading.value).save_as(file)
    lines = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert "How much is a quoll" in [line["conversation"] for line in lines]


async def test_it_needs_no_scripts(visit: Visit) -> None:
    sam = await visit("sam", "usage/", java_script_enabled=False)
    await sam.page.get_by_role("combobox", name="By").select_option(label="model")
    await sam.page.get_by_role("button", name="Show").click()
    assert "by=model" in sam.page.url


@pytest.mark.thorough
async def test_nothing_is_wrong_with_it(visit: Visit) -> None:
    sam = await after_an_answer(visit)
    found = []
    for by in ("day", "conversation"):
        await sam.go(f"usage/?by={by}")
        found += await offences(sam.page)
    assert found == []
