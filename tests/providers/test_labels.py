import pytest

from providers.labels import hint_of, without_hint


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Relay, a.example, #2, …f3a9", "Relay, a.example, #2"),
        ("a.example, …f3a9", "a.example"),
        ("Relay, a.example", "Relay, a.example"),
        ("Cut, off…, a.example", "Cut, off…, a.example"),
    ],
)
def test_how_a_key_ends_can_be_left_out(label: str, told: str) -> None:
    assert without_hint(label) == told


def test_of_a_short_key_nothing_is_told() -> None:
    assert (hint_of("sk-12345678"), hint_of("sk-123456789")) == ("", "6789")
