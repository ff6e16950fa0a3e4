import pytest

from conversations.titles import LENGTH, title_from, title_said, visible


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


@pytest.mark.parametrize(
    "text", ["\u200b\u2060", "\u0301" * 9, "\u0488", "\u3164", "\u2800\u115f\u1160\uffa0", "\ue000"]
)
def test_a_line_of_which_nothing_is_seen_is_no_title(text: str) -> None:
    assert visible(text) == ""
    assert title_from(f"{text}\nSeen") == "Seen"


@pytest.mark.parametrize("text", ["🎉", "é", "?", "७", "한", "👨\u200d👩\u200d👧", "\u0e01\u0e33"])
def test_one_sign_is_enough_for_a_title(text: str) -> None:
    assert visible(text) == text


def test_a_long_question_is_cut_at_a_word() -> None:
    title = title_from("word " * 40)
    assert title.endswith("word…")
    assert len(title) <= LENGTH + 1


def test_a_long_word_is_cut_in_the_middle() -> None:
    assert title_from("字" * 500) == "字" * (LENGTH - 1) + "…"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Colour of the sky", "Colour of the sky"),
        ('"Colour of the sky."', "Colour of the sky"),
        ("Title: **Colour of the sky**\n\nBecause …", "Colour of the sky"),
        ("标题：《天空的颜色》", "天空的颜色"),
        ("\n\n# Sky\u202e\n", "Sky"),
        ("Why is the sky blue?", "Why is the sky blue?"),
        ('""\n\u200b\nSky', "Sky"),
        ("", ""),
        ("* * *\n```\n", ""),
    ],
)
def test_what_a_model_says_becomes_a_title(said: str, title: str) -> None:
    assert title_said(said) == title


def test_of_a_model_that_talks_the_beginning_is_taken() -> None:
    title = title_said("word " * 100)
    assert len(title) <= LENGTH
    assert title.endswith("word…")
