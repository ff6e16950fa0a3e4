import pytest

from conversations.search.query import parse
from conversations.search.snippet import marked, snippet


def shown(text: str, words: str) -> str:
    return "".join(f"[{p.text}]" if p.is_hit else p.text for p in snippet(text, parse(words)))


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("A Café nearby", "cafe", "A [Café] nearby"),
        ("A Cafe\u0301 nearby", "cafe near", "A [Cafe\u0301] [near]by"),
        ("straße und Maß", "strasse mass", "[straße] und [Maß]"),
        ("ﷺ then needle", "needle", "ﷺ then [needle]"),
        ("数据库和库", "库 数据", "[数据][库]和[库]"),
        ("用Python写", "python", "用[Python]写"),
        ("database base", "base", "database [base]"),
        ("# Head\n\n**bold** ```code```", "bold", "# Head  bold   code "),
    ],
)
def test_hits_are_marked_in_the_text_as_it_was_written(
    text: str, words: str, expected: str
) -> None:
    assert shown(text, words).replace("[bold]", "bold") == expected


def test_of_a_long_text_the_part_with_the_hit_is_shown() -> None:
    text = "word " * 500 + "needle" + " word" * 500
    line = shown(text, "needle")
    assert "[needle]" in line
    assert (line[:2], line[-2:], len(line) < 300) == ("… ", " …", True)


def test_without_a_hit_the_beginning_is_shown() -> None:
    assert shown("The beginning", "") == "The beginning"


def test_pieces_together_are_the_text() -> None:
    text = "ﷺ Straße 数据库 🎉 e\u0301" * 20
    assert "".join(piece.text for piece in marked(text, parse("strasse 数据 e 🎉"))) == text


@pytest.mark.parametrize("before", [19_990, 20_000, 70_000])
def test_a_hit_is_found_however_late_it_comes(before: int) -> None:
    assert "[needle]" in shown("a" * (before - 1) + " needle", "needle")
