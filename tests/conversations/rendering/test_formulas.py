from html import unescape

import pytest

from conversations.rendering import mathml
from conversations.rendering.formulas import mathml as set_formula
from conversations.rendering.live import LiveDocument
from conversations.rendering.markdown import render
from tests.conversations.rendering.dom import Element

COMMON = [
    r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}",
    r"\begin{alignedat}{2} a &= b \end{alignedat}",
    r"\begin{gathered} a \\ b \end{gathered}",
    r"\begin{equation} x \label{eq:x} \end{equation}",
    r"\begin{dcases} x & x>0 \\ -x & \text{otherwise} \end{dcases}",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
    r"\bigl\lvert x \bigr\rvert + \lVert y \rVert",
    r"\operatorname*{arg\,max}_{x \in \mathbb{R}} \underbrace{f(x)}_{\text{目标}}",
]
IMPOSSIBLE = [
    r"\frac{1",
    r"\left( x",
    r"\ce{H2O}",
    "a & b",
    "x^",
    r"\begin{nothing} & \end{nothing}",
]


@pytest.mark.parametrize("tex", COMMON)
def test_what_models_write_is_set(tex: str) -> None:
    math = set_formula(tex, is_block=True)
    assert math.startswith('<math display="block"')
    assert "\\" not in Element.parse(math).text()


@pytest.mark.parametrize("tex", IMPOSSIBLE)
def test_what_cannot_be_set_is_shown_as_it_was_written(tex: str) -> None:
    assert set_formula(tex, is_block=False) == ""


@pytest.mark.parametrize("tex", [r"\def\a{\a\a}\a", r"\newcommand{\a}{b}\a", "x" * 4_001])
def test_no_macros_and_nothing_endless(tex: str) -> None:
    assert set_formula(tex, is_block=False) == ""


def test_a_formula_is_neither_deep_nor_large() -> None:
    deep = r"\sqrt{" * mathml.MAX_DEPTH + "x" + "}" * mathml.MAX_DEPTH
    assert set_formula(deep, is_block=False) == ""
    assert set_formula("x " * mathml.MAX_ELEMENTS, is_block=False) == ""


@pytest.mark.parametrize(
    "tex",
    [r"\hspace{-99em}", r"\kern-99em", r"\rule{99em}{99em}", r"\raisebox{99em}{x}"],
)
def test_no_formula_reaches_out_of_its_place(tex: str) -> None:
    assert "99" not in set_formula(tex, is_block=False).partition(">")[2]


def test_a_formula_has_its_source_for_whoever_copies_it() -> None:
    [math] = [e for e in Element.parse(render('$a < b"$')).elements() if e.tag == "math"]
    assert math.attributes["data-tex"] == 'a < b"'


def test_after_its_budget_a_text_shows_the_source() -> None:
    text = "".join(f"${'x ' * 1_000}_{n}$\n\n" for n in range(30))
    html = render(text)
    assert 0 < html.count("<math") < html.count("<p>") == 30
    assert html.count("<math") + html.count('class="tex"') == 30


def test_an_open_block_with_very_many_formulas_is_set_when_it_is_finished() -> None:
    document, text = LiveDocument(), "- " + " ".join(f"$x_{n}$," for n in range(400))
    document.append(text)
    document.advance()
    assert 100 < document.tail.count("<math") < 400
    document.finish()
    assert unescape(document.html) == unescape(render(text))
    assert document.html.count("<math") == 400


def test_a_formula_appears_when_it_closes_and_not_before() -> None:
    document = LiveDocument()
    document.append("so $x_1")
    document.advance()
    assert document.tail == "<p>so $x_1</p>\n"
    document.append("$ is")
    document.advance()
    assert document.tail.startswith("<p>so <math")


def test_a_formula_that_may_scroll_is_reached_by_the_keyboard() -> None:
    html = render("$$a$$ and $b$")
    assert html.count('tabindex="0"') == 1
    assert '<math display="block" data-tex="a" tabindex="0">' in html
