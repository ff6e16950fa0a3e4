from html import unescape

import pytest
from pygments.lexers import find_lexer_class_by_name

from conversations.rendering import highlight as module
from conversations.rendering.highlight import LANGUAGES, Painter, highlight
from conversations.rendering.markdown import render
from tests.conversations.rendering.dom import Element


def test_code_is_coloured_by_classes() -> None:
    assert highlight("x = 1\n", "python") == (
        'x <span class="hl-o">=</span> <span class="hl-mi">1</span>\n'
    )


def test_an_unknown_language_stays_plain() -> None:
    assert highlight("<b> & c", "klingon") == "&lt;b&gt; &amp; c"


@pytest.mark.parametrize("name", sorted(set(LANGUAGES.values())))
def test_every_language_has_its_lexer_and_keeps_the_text(name: str) -> None:
    code = "\n\n  if (x < 1) { return \"a & b\"; } # '''\n\tend\n\n"
    assert find_lexer_class_by_name(name)
    assert Element.parse(highlight(code, name)).text() == code


def test_long_code_stays_plain() -> None:
    code = "x = 1\n" * (module.MAX_CODE // 6 + 1)
    assert highlight(code, "python") == code


def test_colours_stop_when_the_texts_budget_is_spent() -> None:
    painter = Painter()
    painted = [painter.paint(f"x = {n}\n" * 8_000, "python") for n in range(3)]
    assert ["<span" in html for html in painted] == [True, False, False]


@pytest.mark.parametrize("language", ["Python", "PY", "python"])
def test_the_languages_case_does_not_matter(language: str) -> None:
    assert "hl-kn" in render(f"```{language}\nimport os\n```")


def test_the_caption_is_as_written_but_short() -> None:
    html = render("```" + "Klingon<b>" * 10 + "\nx\n```")
    assert unescape(Element.parse(html).text()).startswith("Klingon<b>Klingon<b>Klingon<b>x")
