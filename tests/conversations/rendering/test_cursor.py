import pytest

from conversations.rendering.cursor import Cursor, Patch


def test_a_cursor_survives_being_written_and_read() -> None:
    assert Cursor.parse(str(Cursor(1, 23, 456, 0))) == Cursor(1, 23, 456, 0)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "1.2.3", "1.2.3.4.5", "-1.2.3.4", "1.2.3.x", " 1.2.3.4", "1.2.3.4\n", "1..3.4"),
        *("١.2.3.4", "1.2.3." + "9" * 5000, "1e3.2.3.4", "0x1.2.3.4", "None"),
    ],
)
def test_anything_else_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


def test_only_a_patch_that_changes_nothing_is_empty() -> None:
    assert Patch(False, "", None, "").is_empty
    assert not Patch(False, "", "", "").is_empty
    assert not Patch(True, "", None, "").is_empty
