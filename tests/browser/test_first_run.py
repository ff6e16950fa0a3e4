"""A new site, from the set-up link to an answer of the real embedded model."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from providers import local
from tests import site
from tests.browser.visitor import Visitor
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.local_model]


async def test_a_new_user_gets_from_the_link_to_a_real_answer(
    browser: Browser, tmp_path: Path
) -> None:
    with site.running_first(tmp_path / "data", LOCAL_MODEL="1") as home:
        link = home.read_until(r"http://\S+/setup/\?token=\S+")[0]
        context = await browser.new_context(locale="en-US")
        ada = await Visitor.arrive(context, home.url, link.removeprefix(home.url))
        await ada.page.get_by_role("textbox", name="Username").fill("ada")
        for field in await ada.page.locator("input[type=password]").all():
            await field.fill(PASSWORD)
        await ada.page.keyboard.press("Enter")
        await expect(ada.message).to_be_focused()
        await expect(ada.page.get_by_label("Model", exact=True)).to_contain_text(local.NAME)
        await ada.ask("What is the capital of France?")
        await expect(ada.answers.last).to_have_attribute("data-state", "complete", timeout=90_000)
        first = await ada.prose()
        await ada.ask("and why? Explain it at length.")
        # It can go on for a minute; the first words show that it was understood to be asked.
        await expect(ada.answers.nth(1).locator(".prose")).to_have_text(
            re.compile(r"\w+ \w+"), timeout=90_000
        )
        await ada.page.get_by_role("button", name="Stop").click()
        await expect(ada.answers.nth(1)).not_to_have_attribute("aria-busy", "true")
        await ada.page.reload()
        assert await ada.answers.first.locator(".prose").inner_text() == first
        assert ada.complaints == []
