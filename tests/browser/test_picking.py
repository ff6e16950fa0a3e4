"""Very many models: the one that is wanted is found over the chat, or on a page without scripts."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.upstream import Upstream, models

pytestmark = pytest.mark.browser

NAMES = [f"m-{number:03}" for number in range(300)]
WANTED = NAMES[-1]


async def add_many(page: Page, base_url: str) -> None:
    await page.get_by_role("textbox", name="Name", exact=True).fill("Many")
    await page.get_by_role("textbox", name="Base URL").fill(base_url)
    await page.get_by_role("button", name="Save and fetch").click()
    await expect(page.get_by_role("status")).to_contain_text("300 models are listed")


async def delete_many(page: Page) -> None:
    await page.get_by_role("link", name="Many", exact=True).click()
    await page.get_by_role("link", name="Delete this provider").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("status")).to_contain_text("was deleted")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_one_of_very_many_models_is_found_and_picked(visit: Visit, scripts: bool) -> None:
    ada = await visit("ada", "providers/new/", java_script_enabled=scripts)
    page, picker = ada.page, ada.page.get_by_label("Model", exact=True)
    async with Upstream() as upstream:
        upstream.script(models(*NAMES))
        await add_many(page, upstream.base_url)
    await ada.go()
    if scripts:
        await ada.message.fill("typed before")
    await page.get_by_role("button", name="All 3").click()
    if not scripts:
        await page.get_by_role("link", name="All models on a page").click()
    await page.get_by_role("searchbox", name="Search models").fill("many 299")
    if not scripts:
        await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("heading", name="1 model")).to_be_visible()
    await page.get_by_role("link", name=WANTED).click()
    await expect(picker.locator("option:checked")).to_have_text(WANTED)
    await expect(page.get_by_role("searchbox", name="Search models")).to_be_hidden()
    if scripts:
        await expect(ada.message).to_have_value("typed before")
    await ada.go("providers/")
    await delete_many(page)
