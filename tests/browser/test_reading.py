"""What a message looks like: nothing runs out of the page or over something else."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MOST_REQUESTS = 15
MOST_BYTES = 60_000

#: Whether an element lies within the width of the page, with all that is in it.
FITS = """element => {
  const { left, right } = element.getBoundingClientRect();
  const isWhole = element.scrollWidth <= element.clientWidth;
  return left >= 0 && right <= document.documentElement.clientWidth && isWhole;
}"""


TOWER = "a" + "\u0301" * 80 + " tower"


@pytest.mark.parametrize("width", [390, pytest.param(1440, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("length", [44, pytest.param(94, marks=pytest.mark.thorough), 300])
async def test_a_question_of_one_long_word_is_wrapped(
    visit: Visit, width: int, length: int
) -> None:
    ada = await visit(viewport={"width": width, "height": 844})
    await ada.ask("https://example.org/".ljust(length, "x"), "echo")
    await ada.answer()
    await expect(ada.questions.last).to_be_visible()
    assert await ada.questions.last.locator(".text").evaluate(FITS)


@pytest.mark.thorough
async def test_stacked_accents_cover_no_other_text(visit: Visit) -> None:
    # High enough that nothing scrolls.
    ada = await visit(viewport={"width": 900, "height": 1200})
    await ada.ask("First", "echo")
    first = await ada.answer()
    await ada.ask(f"{TOWER}\n\n- above\n\n{TOWER}\n")
    second = await ada.answer(number=1)
    await ada.page.mouse.move(0, 0)
    for part, below in (
        (first, ada.questions.last.locator(".text")),
        (second.locator("ul"), second.locator("p").last),
    ):
        covered = await _picture(ada, part)
        await below.evaluate("it => { it.style.color = 'transparent' }")
        assert await _picture(ada, part) == covered


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (f"```\n{'wide ' * 99}\n```", "pre"),
        (f"|{' wide |' * 40}\n|{'---|' * 40}\n|{' cell |' * 40}", "figure.table"),
    ],
    ids=["code", "table"],
)
async def test_what_is_wide_scrolls_by_key(visit: Visit, text: str, part: str) -> None:
    ada = await visit(viewport={"width": 390, "height": 844})
    await ada.ask(text, "echo")
    wide = (await ada.answer()).locator(part)
    await wide.focus()
    await expect(wide).to_be_focused()
    await wide.press("ArrowRight")
    await ada.page.wait_for_function("() => document.activeElement.scrollLeft > 0")
    assert await ada.page.evaluate("document.documentElement.scrollWidth") == 390


async def _picture(visitor: Visitor, part: Locator) -> str:
    """What is painted where this part stands. Taken without Playwright, which adds a style."""
    box = await part.bounding_box()
    devtools = await visitor.context.new_cdp_session(visitor.page)
    taken = await devtools.send("Page.captureScreenshot", {"clip": {**(box or {}), "scale": 1}})
    return str(taken["data"])


async def test_an_image_stands_at_the_end_of_its_answer_and_stays_there(visit: Visit) -> None:
    visitor = await visit()
    await visitor.ask("Show me", "image")
    for _look in ("as it came", "after a reload"):
        image = (await visitor.answer()).get_by_role("img", name="Image 1 of the answer")
        await expect(image).to_be_visible()
        assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
        await visitor.page.reload()


async def test_the_first_page_is_light(visit: Visit) -> None:
    sam = await visit("sam", path="accounts/login/")
    sizes: list[int] = []
    devtools = await sam.context.new_cdp_session(sam.page)
    await devtools.send("Network.enable")
    await devtools.send("Network.clearBrowserCache")
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await sam.go()
    await sam.page.wait_for_load_state("networkidle")
    assert len(sizes) <= MOST_REQUESTS
    assert 0 < sum(sizes) <= MOST_BYTES
