import pytest

from conversations.rendering.bridging import PIER, bridge
from conversations.rendering.live import LiveDocument
from conversations.rendering.markdown import render

FORMULA = "Text\n\n$$\na = b\n\n= c\n$$\n\nMore"


@pytest.mark.parametrize(
    "text", [FORMULA, FORMULA.replace("\n$$\n\n", "\n\\]\n\n").replace("$$", "\\[")]
)
def test_a_formula_with_a_blank_line_is_one_formula(text: str) -> None:
    html = render(text)
    assert html.count("<math") == 1
    assert html.endswith("<p>More</p>\n")


def test_it_is_one_formula_in_a_list_too() -> None:
    assert render("1. So\n   $$\n   a\n\n   b\n   $$\n2. Then").count("<math") == 1


def test_it_is_never_torn_while_it_is_written() -> None:
    document = LiveDocument()
    for letter in FORMULA:
        document.append(letter)
        document.advance()
    document.finish()
    assert (document.epoch, document.html) == (0, render(FORMULA))


def test_what_is_never_closed_stays_as_it_was() -> None:
    assert render("$$\na\n\nb") == "<p>$$\na</p>\n<p>b</p>\n"


def test_a_formula_that_may_still_be_closed_is_open_for_some_lines_only() -> None:
    assert PIER in bridge("$$\na\n\nb", open_end=True)
    assert PIER not in bridge("$$\n" + "a\n\n" * 30, open_end=True)


@pytest.mark.parametrize("block", ["# b", "- b", "1. b", "> b", "```\nb\n```"])
def test_another_block_ends_it(block: str) -> None:
    assert PIER not in bridge(f"$$\na\n\n{block}\n\nc\n$$", open_end=False)


def test_code_keeps_its_blank_lines() -> None:
    code = "```sql\nAS $$\nx\n\n$$ LANGUAGE sql;\n\ny\n```\n\na\n\nb"
    assert bridge(code, open_end=True) == code
    assert PIER not in render("~~~\n$$\n\n$$\n~~~")


def test_a_text_that_has_the_mark_itself_loses_it() -> None:
    assert PIER not in render(f"a{PIER}b")
