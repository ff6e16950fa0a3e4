"""What stands in an answer besides words: formulas, footnotes, code with its tools, diagrams."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

CODE = '```python\ndef f():\n    """Two\n    lines"""\n    return "%s"\n```' % ("wide " * 60)
DIAGRAM = "```mermaid\ngraph TD;\n  A[Start] --> B[End];\n```"
#: Each tries to get out of its frame, or to make it speak for the site.
HOSTILE = [
    "graph TD;\n  A[<img src=x onerror=parent.document.title='taken'>] --> B;",
    'graph TD;\n  A-->B;\n  click A "javascript:parent.document.title=1"',
    "%%{init: {'securityLevel': 'loose', 'theme': 'base', 'themeCSS': '*{}</style><script>parent"
    ".document.title=1</script>'}}%%\ngraph TD;\n  A --> B;",
    "graph TD;\n  A[<script>fetch('/accounts/logout/')</script>] --> B;\n  click A call alert(1)",
]


async def _code(visitor: Visitor, text: str) -> Locator:
    await visitor.ask(text, "echo")
    figure = (await visitor.answer()).locator("figure.code")
    await figure.first.hover()
    return figure


async def test_code_has_line_numbers_on_demand_and_copies_without_them(visit: Visit) -> None:
    figure = await _code(await visit(), CODE)
    before = await figure.locator("pre").text_content()
    await figure.get_by_role("button", name="Line numbers").click()
    await expect(figure.locator(".line")).to_have_count(4)
    assert await figure.locator("pre").text_content() == before


@pytest.mark.thorough
async def test_long_lines_are_wrapped_on_demand(visit: Visit) -> None:
    figure = await _code(await visit(), CODE)
    wrap = figure.get_by_role("button", name="Wrap long lines")
    await expect(wrap).to_have_attribute("aria-pressed", "false")
    await wrap.press("Enter")
    await expect(wrap).to_have_attribute("aria-pressed", "true")
    assert await figure.locator("pre").evaluate("pre => pre.scrollWidth <= pre.clientWidth")


async def test_a_diagram_is_drawn_when_asked_for_in_a_frame_without_an_origin(visit: Visit) -> None:
    ada = await visit()
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url))
    figure = await _code(ada, DIAGRAM)
    assert not [url for url in asked if "mermaid" in url or "diagram" in url]
    await figure.get_by_role("button", name="Draw the diagram").click()
    drawing = figure.frame_locator("iframe").locator("svg")
    await expect(drawing).to_contain_text("Start")
    assert await drawing.evaluate("() => self.origin") == "null"
    await expect(figure.locator("pre")).to_be_hidden()
    await figure.get_by_role("button", name="Draw the diagram").click()
    await expect(figure.locator("pre")).to_be_visible()


async def test_a_hostile_diagram_reaches_nothing_outside_of_its_frame(visit: Visit) -> None:
    ada = await visit()
    figures = await _code(ada, "\n\n".join(f"```mermaid\n{text}\n```" for text in HOSTILE))
    title = await ada.page.title()
    await expect(figures).to_have_count(len(HOSTILE))
    for figure in await figures.all():
        await figure.get_by_role("button", name="Draw the diagram").click()
        await expect(figure.locator("iframe[height], .undrawn")).to_be_visible()
    for frame in ada.page.frames[1:]:
        assert await frame.evaluate("() => document.querySelectorAll('script').length") == 2
    assert await ada.page.title() == title
    # The browser says what the frame's policy has refused.
    ada.complaints.clear()


@pytest.mark.thorough
async def test_a_diagram_with_a_mistake_says_so_and_stays_code(visit: Visit) -> None:
    ada = await visit()
    figure = await _code(ada, "```mermaid\ngraph TD;\n  A[[[\n```")
    await figure.get_by_role("button", name="Draw the diagram").click()
    await expect(figure.get_by_role("status")).to_contain_text("could not be drawn")
    await expect(figure.locator("pre")).to_be_visible()
    await expect(figure.locator("iframe")).to_have_count(0)


async def test_a_footnote_and_its_mark_lead_to_one_another(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("A claim.[^1]\n\n" + "Text.\n\n" * 60 + "[^1]: The source", "echo")
    answer = await ada.answer()
    await answer.get_by_role("link", name="1", exact=True).first.press("Enter")
    await expect(answer.locator(".note")).to_be_in_viewport()
    await answer.locator(".note").get_by_role("link").press("Enter")
    await expect(answer.locator(".note-mark")).to_be_in_viewport()
    await ada.page.go_back()
    await expect(answer.locator(".note")).to_be_in_viewport()


@pytest.mark.thorough
async def test_footnotes_of_two_answers_are_not_mixed_up(visit: Visit) -> None:
    ada = await visit()
    for text in ("One.[^1]\n\n[^1]: first", "Two.[^1]\n\n[^1]: second"):
        await ada.ask(text, "echo")
        await ada.answer()
    answers = [await ada.answer(number=number) for number in (0, 1)]
    notes = [await found.locator(".note").get_attribute("id") for found in answers]
    links = [await found.locator(".note-mark a").get_attribute("href") for found in answers]
    assert links == [f"#{note}" for note in notes]
    assert notes[0] != notes[1]


async def test_a_formula_is_read_as_mathematics(visit: Visit) -> None:
    ada = await visit()
    await ada.ask(r"$$\frac{a}{b}$$ and $\mbox{<img src=x onerror=alert(1)>}$", "echo")
    formula = (await ada.answer()).get_by_role("math")
    await expect(formula.first).to_be_visible()
    assert await formula.locator("mfrac").count() == 1
    assert await formula.locator("img").count() == 0


@pytest.mark.parametrize("width", [320, pytest.param(1440, marks=pytest.mark.thorough)])
async def test_a_wide_formula_scrolls_in_itself(visit: Visit, width: int) -> None:
    ada = await visit(viewport={"width": width, "height": 844})
    await ada.ask("$$" + " + ".join(f"a_{{{n}}}" for n in range(99)) + "$$", "echo")
    formula = (await ada.answer()).locator("math")
    assert await formula.evaluate("math => math.scrollWidth > math.clientWidth")
    assert await ada.page.evaluate("document.documentElement.scrollWidth") == width


async def test_thoughts_say_how_long_they_take_and_can_be_opened(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Think", "thoughtful")
    thoughts = ada.answers.last.locator(".reasoning")
    await expect(thoughts.locator("summary")).to_have_text(re.compile(r"Thinking…\s+[12] sec"))
    await thoughts.locator("summary").click()
    await expect(thoughts.locator(".text")).to_contain_text("Let me see.")
    await ada.answer()
    for _look in ("as it came", "after a reload"):
        await expect(thoughts.locator(".afterwards")).to_have_text(
            re.compile(r"^\s*Thought for \d s")
        )
        await expect(thoughts.locator(".afterwards")).to_be_visible()
        await ada.page.reload()


@pytest.mark.thorough
async def test_a_page_that_comes_late_counts_from_when_the_thinking_began(visit: Visit) -> None:
    ada = await visit()
    await ada.ask("Think", "thoughtful")
    await expect(ada.answers.last.locator("chat-clock")).to_contain_text("1")
    await ada.page.reload()
    await expect(ada.answers.last.locator("chat-clock")).to_contain_text(re.compile("[23]"))
    await ada.answer()
