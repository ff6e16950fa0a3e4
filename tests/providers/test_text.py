import pytest

from providers.text import CleanText, clean


@pytest.mark.parametrize(
    ("text", "fit"),
    [("a\x00b", "ab"), ("bad \udcaf end", "bad \ufffd end"), ("\ud83d\ude00", "😀")],
    ids=["nul", "half", "halves"],
)
def test_what_no_database_holds_is_replaced(text: str, fit: str) -> None:
    assert clean(text) == fit


def test_an_emoji_that_was_cut_in_two_is_joined() -> None:
    growing = CleanText()
    assert growing.add("a\ud83d") + growing.add("\ude00b") + growing.end() == "a😀b"


def test_half_an_emoji_at_the_end_is_shown_as_missing() -> None:
    growing = CleanText()
    assert growing.add("a\ud83d") + growing.end() == "a\ufffd"
