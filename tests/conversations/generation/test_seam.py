import pytest

from conversations.generation.seam import Seam


def joined(before: str, *pieces: str) -> str:
    seam = Seam(before)
    return before + "".join(map(seam.feed, pieces)) + seam.rest()


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("The first half, and then", "the rest.", "The first half, and then the rest."),
        ("The first half, and then", " the rest.", "The first half, and then the rest."),
        ("The first half, and ", "then the rest.", "The first half, and then the rest."),
        ("The first half, and then", "and then the rest.", "The first half, and then the rest."),
        ("The first half, and then", "\nand then the rest.", "The first half, and then the rest."),
        (
            "It stopped inside a wo",
            "word that was long.",
            "It stopped inside a word that was long.",
        ),
        ("One sentence.", "\n\nA new paragraph.", "One sentence.\n\nA new paragraph."),
        ("One sentence.", "Another.", "One sentence.Another."),
        ("前半句，然后", "后半句。", "前半句，然后后半句。"),
        ("1, 2, 3", ", 4", "1, 2, 3, 4"),
        ("all of it", "all of it", "all of it"),
        ("all of it", "", "all of it"),
        ("", "  a fresh one", "  a fresh one"),
        ("a bee", "eel", "a bee eel"),
    ],
)
def test_both_parts_read_as_one(before: str, after: str, whole: str) -> None:
    assert joined(before, after) == whole


@pytest.mark.parametrize("size", [1, 2, 5])
def test_however_it_is_cut_into_pieces(size: int) -> None:
    before, after = "The first half, and then", " and then the rest. And then the end."
    pieces = [after[at : at + size] for at in range(0, len(after), size)]
    assert joined(before, *pieces) == joined(before, after)


def test_what_is_plainly_new_is_not_held_back() -> None:
    assert Seam("The first half").feed(" goes") == " goes"
