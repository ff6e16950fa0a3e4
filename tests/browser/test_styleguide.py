"""Every component in every state and every page, as the style guide shows them: for all eyes, at
any magnification, and for fingers."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from chatsite.styleguide.pages import pages
from tests import site
from tests.browser.axe import faint, offences

pytestmark = pytest.mark.browser

SLUGS = sorted(pages())
PATHS = ["", *(f"{slug}/" for slug in SLUGS)]
#: What a laptop's window is at 400 %.
MAGNIFIED = {"width": 320, "height": 256}

#: What reaches out of the page without a box of its own to scroll in.
WIDER = """() => {
  const holds = (it) => getComputedStyle(it).overflowX !== "visible";
  const isScrolled = (it) => it && (holds(it) || isScrolled(it.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((it) => it.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
    .filter((it) => !isScrolled(it.parentElement) && !it.closest(".visually-hidden"))
    .map((it) => it.outerHTML.slice(0, 120));
}"""
#: What sticks to an edge, as a share of the window's height.
STUCK = """() => [...document.querySelectorAll("body *")]
  .filter((it) => getComputedStyle(it).position === "sticky")
  .reduce((sum, it) => sum + it.offsetHeight, 0) / innerHeight"""
#: Controls, and links that do not stand in a sentence, with less than 44 pixels for a finger.
SMALL = """() => {
  const isInSentence = (it) => it.matches("a")
    && [...it.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll("a[href], button, summary, select, input, textarea")]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.matches(".skip"))
    .filter((it) => !isInSentence(it) && !it.closest(".prose p, .prose .note, .visually-hidden"))
    .map((it) => [it.type === "checkbox" ? it.labels[0] : it, it])
    .filter(([target]) => target.getBoundingClientRect().height < 43.5)
    .map(([, it]) => `${it.getBoundingClientRect().height}: ${it.outerHTML.slice(0, 160)}`);
}"""


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with site.running(tmp_path_factory.mktemp("guide"), DEBUG="1") as running:
        yield f"{running.url}styleguide/"


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="en-US")
    yield await context.new_page()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser) -> AsyncIterator[Page]:
    size = {"width": 390, "height": 844}
    context = await browser.new_context(
        locale="en-US",
        viewport=size,  # type: ignore[arg-type]
        has_touch=True,
        is_mobile=True,
    )
    yield await context.new_page()


@pytest.mark.parametrize("path", PATHS)
async def test_axe_finds_nothing_wrong(guide: str, page: Page, path: str) -> None:
    await page.goto(guide + path)
    assert await offences(page) == []


async def test_axe_finds_what_is_wrong(guide: str, page: Page) -> None:
    await page.goto(guide + "login/")
    await page.evaluate("document.querySelector('label').remove()")
    assert any("label" in line for line in await offences(page))


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["", "chat/", "login/"])
async def test_who_asks_for_more_contrast_has_it(guide: str, page: Page, path: str) -> None:
    await page.goto(guide + path)
    assert await faint(page) == []


@pytest.mark.parametrize("language", ["en", pytest.param("zh-hans", marks=pytest.mark.thorough)])
async def test_magnified_four_times_nothing_is_lost(guide: str, page: Page, language: str) -> None:
    await page.context.add_cookies([{"name": "language", "value": language, "url": guide}])
    await page.set_viewport_size(MAGNIFIED)  # type: ignore[arg-type]
    wider = {}
    for path in PATHS:
        await page.goto(guide + path)
        wider[path] = await page.evaluate(WIDER)
    assert {path: found for path, found in wider.items() if found} == {}


@pytest.mark.thorough
async def test_magnified_four_times_there_is_room_to_read(guide: str, page: Page) -> None:
    await page.set_viewport_size(MAGNIFIED)  # type: ignore[arg-type]
    await page.goto(guide + "chat/")
    assert await page.evaluate(STUCK) < 0.25


async def test_a_finger_has_room_on_every_control(guide: str, phone: Page) -> None:
    small = {}
    for path in PATHS:
        await phone.goto(guide + path)
        small[path] = await phone.evaluate(SMALL)
    assert [f"{path} {one}" for path, found in small.items() for one in found] == []


async def test_the_first_word_is_waited_for_in_words_after_a_second(guide: str, page: Page) -> None:
    await page.goto(guide + "chat-writing/")
    waiting = page.get_by_text("Waiting for the first word…")
    await expect(waiting).to_have_css("visibility", "hidden")
    await expect(waiting).to_have_css("visibility", "visible")
