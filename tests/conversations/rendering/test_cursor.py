import pytest

from conversations.rendering.cursor import Cursor, Patch


def test_a_cursor_survives_being_written_and_read() -> None:
    cursor = Cursor(1, 23, 456, 0, 7_890, 0xFFFFFFFF, 0)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "1.2.3.4.5.6", "1.2.3.4.5.6.7.8", "-1.2.3.4.5.6.7", "1.2.3.x.5.6.7"),
        *(" 1.2.3.4.5.6.7", "1.2.3.4.5.6.7\n", "1..3.4.5.6.7", "١.2.3.4.5.6.7", "None"),
        *("1.2.3.4.5.6." + "9" * 5000, "1.2.3." + "9" * 5000, "1e3.2.3.4.5.6.7"),
        *("0x1.2.3.4.5.6.7", "1.2.3.4.5.6.G", "1.2.3.4.5.6.-1"),
    ],
)
def test_anything_else_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


def test_only_a_patch_that_changes_nothing_is_empty() -> None:
    assert Patch(False, "", None, "").is_empty
    assert not Patch(False, "", "", "").is_empty
    assert not Patch(True, "", None, "").is_empty
