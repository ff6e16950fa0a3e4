import pytest

from conversations.search.terms import FOLDING, fold, stored_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Hello, world!", "hello world"),
        ("数据库", "数 据 库 数据 据库"),
        ("用Python写", "python 用 写"),
        ("snake_case and snake", "snake case and"),
        ("हिन्दी", "हिन्दी"),
        ("tag: `<b>`", "tag b"),
        ("👩🎉", "👩 🎉 👩🎉"),
        ("", ""),
    ],
)
def test_a_text_becomes_words_or_characters_and_their_pairs(text: str, terms: str) -> None:
    assert stored_terms(text, []) == terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Ｃａｆé", "cafe"), ("STRASSE ß", "strasse ss"), ("が", "が"), ("한글", "한글")],
)
def test_folding_leaves_what_makes_another_letter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_no_text_can_hold_a_mark() -> None:
    assert stored_terms("\ue000owner1", []) == "owner1"


@pytest.mark.parametrize("text", ["库" * 10, "".join(map(chr, range(0x20000, 0x2A000))) * 8])
def test_what_is_kept_of_a_text_has_an_end(text: str) -> None:
    assert len(stored_terms(text, ["m"]).encode()) <= 900_000


def test_the_marks_of_a_text_are_never_cut() -> None:
    text = " ".join(f"{number:039}" for number in range(30_000))
    assert stored_terms(text, ["\ue000owner1"]).startswith("\ue000owner1 0000")


def test_all_characters_that_there_are_take_no_memory_for_good() -> None:
    fold("".join(map(chr, range(0x20000, 0x2A6DF))))
    assert len(FOLDING) <= 20_000
