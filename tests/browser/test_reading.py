"""What a message looks like: nothing runs out of the page or over something else."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

#: Whether an element lies within the width of the page, with all that is in it.
FITS = """element => {
  const { left, right } = element.getBoundingClientRect();
  const isWhole = element.scrollWidth <= element.clientWidth;
  return left >= 0 && right <= document.documentElement.clientWidth && isWhole;
}"""


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("length", [44, 94, 300])
async def test_a_question_of_one_long_word_is_wrapped(
    visit: Visit, width: int, length: int
) -> None:
    ada = await visit(viewport={"width": width, "height": 844})
    await ada.ask("https://example.org/".ljust(length, "x"), "echo")
    await ada.answer()
    await expect(ada.questions.last).to_be_visible()
    assert await ada.questions.last.locator(".text").evaluate(FITS)
