import pytest

from conversations.gaps import MOST_GAPS, filled, filled_size, gaps_in, pieces_of


def test_each_gap_is_named_once_in_the_order_of_the_text() -> None:
    assert gaps_in("{{to}}: {{ text }}, {{to}} {{语言}}") == ["to", "text", "语言"]


@pytest.mark.parametrize(
    "text",
    ["", "{}", "{{}}", "{{ }}", "{{{}}}", "{{a\nb}}", "{{" + "x" * 61 + "}}", "{{a}", "{ {a}}"],
)
def test_what_is_no_gap_stays_as_it_is(text: str) -> None:
    assert gaps_in(text) == []
    assert filled(text, {0: "never"}) == text


def test_a_name_may_have_spaces_within() -> None:
    assert filled("To {{ the reader }}.", {0: "you"}) == "To you."


def test_the_same_gap_is_filled_everywhere() -> None:
    assert filled("{{a}}{{b}}{{ a }}", {0: "1", 1: "2"}) == "121"


def test_what_is_filled_in_is_no_gap() -> None:
    assert filled("{{a}} {{b}}", {0: "{{b}}", 1: "2"}) == "{{b}} 2"


def test_a_gap_without_a_value_is_empty() -> None:
    assert filled("[{{a}}]", {}) == "[]"


def test_of_very_many_gaps_the_first_are_asked_for() -> None:
    text = "".join(f"{{{{g{number}}}}}" for number in range(MOST_GAPS + 1))
    assert len(gaps_in(text)) == MOST_GAPS
    assert filled(text, {}) == f"{{{{g{MOST_GAPS}}}}}"


def test_the_pieces_are_the_whole_text() -> None:
    assert [(piece.text, piece.gap) for piece in pieces_of("a {{b}} c")] == [
        ("a ", None),
        ("", 0),
        (" c", None),
    ]


def test_a_hostile_text_takes_no_time() -> None:
    assert gaps_in("{{" * 100_000 + " " * 100_000) == []


@pytest.mark.parametrize("text", ["", "中{{a}}{{b}}", "{{a}}{{a}} {{c}}"])
def test_the_size_is_that_of_the_filled_text(text: str) -> None:
    values = {0: "zwölf", 1: "文"}
    assert filled_size(text, values) == len(filled(text, values).encode())


def test_the_size_of_what_would_be_gigabytes_is_known_without_them() -> None:
    assert filled_size("{{a}}" * 52_000, {0: "x" * 250_000}) == 13_000_000_000
