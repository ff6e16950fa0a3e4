"""Selecting text of an answer while it grows."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

SELECT = """([from, to]) => {
  const texts = document.createTreeWalker(
    document.querySelector("article:last-child .prose"), NodeFilter.SHOW_TEXT);
  const ends = {};
  while (texts.nextNode()) {
    const node = texts.currentNode;
    for (const word of [from, to]) {
      if (node.data.includes(word)) ends[word] ??= [node, node.data.indexOf(word)];
    }
  }
  getSelection().setBaseAndExtent(ends[from][0], ends[from][1],
                                  ends[to][0], ends[to][1] + to.length);
}"""
SELECTED = "getSelection().toString()"


@pytest.mark.parametrize("model", ["slow-40x50", "emphasis-40x50"])
@pytest.mark.parametrize(
    "ends",
    [("word1", "word3"), pytest.param(("word3", "word1"), marks=pytest.mark.thorough)],
)
async def test_what_is_selected_stays_selected_while_the_block_grows(
    visit: Visit, model: str, ends: tuple[str, str]
) -> None:
    ada = await visit()
    await ada.ask("Count", model)
    await expect(ada.answers.last).to_contain_text("word4")
    await ada.page.evaluate(SELECT, list(ends))
    before = await ada.page.evaluate(SELECTED)
    assert "word2" in before
    await ada.answer()
    assert await ada.page.evaluate(SELECTED) == before


async def test_a_selection_that_is_being_dragged_goes_on(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Count", "emphasis-40x50")
    await expect(ada.answers.last).to_contain_text("word9")
    # Of the whole, which stands still: the paragraph in it is another one at each frame.
    line = await ada.answers.last.locator("chat-prose").bounding_box()
    assert line is not None
    y = line["y"] + 10
    await ada.page.mouse.move(line["x"] + 1, y)
    await ada.page.mouse.down()
    await ada.page.mouse.move(line["x"] + 60, y, steps=4)
    await expect(ada.answers.last).to_contain_text("word20")
    await ada.page.mouse.move(line["x"] + 300, y, steps=4)
    await ada.page.mouse.up()
    selected = await ada.page.evaluate(SELECTED)
    await ada.answer()
    assert selected.startswith("word0 word1 word2")
    assert await ada.page.evaluate(SELECTED) == selected
