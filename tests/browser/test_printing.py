"""A chat on paper."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

CODE = f"```python\nlong = '{'wide ' * 60}'\n```"
BACKGROUND = "it => getComputedStyle(it).backgroundColor"


async def test_paper_has_the_chat_and_nothing_around_it(visit: Visit) -> None:
    ada = await visit(color_scheme="dark")
    await ada.ask(CODE, "echo")
    answer = await ada.answer()
    await ada.page.emulate_media(media="print")
    for gone in (ada.sidebar, ada.message, ada.page.get_by_role("button", name="Copy")):
        await expect(gone.first).to_be_hidden()
    await expect(ada.page.get_by_role("heading").first).to_be_visible()
    await expect(answer.locator("pre")).to_be_visible()


async def test_nothing_on_paper_scrolls_or_is_dark(visit: Visit) -> None:
    ada = await visit(color_scheme="dark")
    await ada.ask(CODE, "echo")
    code = (await ada.answer()).locator("pre")
    await ada.page.emulate_media(media="print")
    assert await code.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert await ada.page.locator("html").evaluate(BACKGROUND) in ("white", "rgb(255, 255, 255)")
