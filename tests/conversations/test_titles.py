import pytest

from conversations.titles import LENGTH, title_from


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is a websocket?", "What is a websocket?"),
        ("\n\n  First line\nSecond line", "First line"),
        ("# A **bold** `thing`", "A bold thing"),
        ("数据库为什么会锁住？", "数据库为什么会锁住？"),
        ("a\tb   c", "a b c"),
        ("\u202eevil\u202c text", "evil text"),
        ("***", "***"),
    ],
    ids=["plain", "first line", "markup", "Chinese", "blanks", "bidi override", "only markup"],
)
def test_a_title_is_the_first_line_that_says_something(question: str, title: str) -> None:
    assert title_from(question) == title


def test_a_long_question_is_cut_at_a_word() -> None:
    title = title_from("word " * 40)
    assert title.endswith("word…")
    assert len(title) <= LENGTH + 1


def test_a_long_word_is_cut_in_the_middle() -> None:
    assert title_from("字" * 500) == "字" * (LENGTH - 1) + "…"
