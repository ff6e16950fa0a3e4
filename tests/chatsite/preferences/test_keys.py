"""What people write for a key, what is kept of it, and what they read."""

import pytest

from chatsite.preferences.keys import NAMED, NotAKey, parse, read
from chatsite.preferences.shortcuts import SHORTCUTS


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ctrl+K", "Mod+k"),
        (" ctrl + shift + k ", "Mod+Shift+k"),
        ("⌘K", "Mod+k"),
        ("⇧⌘K", "Mod+Shift+k"),
        ("Cmd+Option+5", "Mod+Alt+5"),
        ("K", "k"),
        ("?", "?"),
        ("Shift+?", "?"),
        ("+", "+"),
        ("Ctrl++", "Mod++"),
        ("esc", "Escape"),
        ("Alt+↑", "Alt+ArrowUp"),
        ("", ""),
    ],
)
def test_a_key_is_understood_as_people_write_it(written: str, kept: str) -> None:
    assert parse(written) == kept


@pytest.mark.parametrize("written", ["Hyper+K", "Tab", "Enter", "kk", "é", "Ctrl+", "+k", "\x00"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(NotAKey):
        parse(written)


@pytest.mark.parametrize("is_mac", [True, False])
@pytest.mark.parametrize("key", [*(each.key for each in SHORTCUTS), *NAMED, "Mod+Alt+Shift+F5"])
def test_what_people_read_is_understood_when_they_write_it(key: str, is_mac: bool) -> None:
    assert parse(read(key, is_mac=is_mac)) == key


def test_a_mac_reads_its_own_signs() -> None:
    assert (read("Mod+k", is_mac=True), read("Mod+k", is_mac=False)) == ("⌘K", "Ctrl+K")
