import pytest

from conversations.rendering.live import LiveDocument
from conversations.rendering.markdown import render


def test_a_note_that_comes_last_changes_nothing_before_it() -> None:
    document = LiveDocument()
    for part in ("A claim.[^1]\n\nMore", " text.\n\n", "[^1]: https://a.test", "/source\n"):
        document.append(part)
        document.advance()
    document.finish()
    assert document.epoch == 0
    assert document.html.startswith('<p>A claim.<sup class="note-mark">1</sup></p>\n')


def test_notes_below_one_another_are_paragraphs_of_their_own() -> None:
    html = render("Text\n[^1]: one\ngoes on\n[^b2]: two")
    assert html.count('<p class="note">') == 2
    assert "one\ngoes on</p>" in html


@pytest.mark.parametrize("text", ["`[^1]: x`", "```\n[^1]: x\n```", "    [^1]: x"])
def test_code_keeps_its_colons(text: str) -> None:
    assert "[^1]: x" in render(text)


def test_an_address_keeps_its_colons() -> None:
    assert "h.test/%5B%5E1%5D:x" in render("[a](https://h.test/[^1]:x)")


def test_other_definitions_still_define() -> None:
    assert 'href="https://a.test"' in render("[x]\n\n[x]: https://a.test")


def test_a_mark_after_wide_punctuation_stands_in_its_empty_half() -> None:
    html = render("一句话。[^1]\n\nA claim.[^2]")
    assert '。<sup class="note-mark tight">1</sup>' in html
    assert '.<sup class="note-mark">2</sup>' in html
