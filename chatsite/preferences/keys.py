"""A key or combination, as it is kept (`Mod+Shift+k`), as it is read, and as people type it.

`Mod` is Ctrl, and on a Mac ⌘. Shift is named with letters and named keys alone: of other characters
it is part, such as of `?`.
"""

import re

MODIFIERS = ("Mod", "Alt", "Shift")
NAMED = {
    "Escape": "Esc",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "Home": "Home",
    "End": "End",
    "PageUp": "Page Up",
    "PageDown": "Page Down",
    **{f"F{number}": f"F{number}" for number in range(1, 13)},
}
# What browsers do not hand over to a page, or nobody would want to lose.
RESERVED = {f"Mod+{key}" for key in "acflnpqrtvwxz"} | {f"Mod+Shift+{key}" for key in "nqtw"}
_WRITTEN = {
    **dict.fromkeys(("mod", "ctrl", "control", "cmd", "command", "⌘"), "Mod"),
    **dict.fromkeys(("alt", "option", "⌥"), "Alt"),
    **dict.fromkeys(("shift", "⇧"), "Shift"),
}
_KEYS = {name.casefold(): name for name in NAMED} | {
    words.casefold(): name for name, words in NAMED.items()
}
_MAC_SIGNS = re.compile(r"([⌘⌥⇧])(?=[^+])")


class NotAKey(ValueError):
    """Text that names no key that could be pressed."""


def parse(text: str) -> str:
    """As it is kept, of what somebody typed: `ctrl + shift + K` is `Mod+Shift+k`; '' is none."""
    spread = _MAC_SIGNS.sub(r"\1+", text.strip())
    if not spread:
        return ""
    # The last one may be a plus itself.
    *held, key = [part.strip() for part in re.split(r"\+(?=.)", spread)]
    modifiers = {_WRITTEN.get(part.casefold(), "") for part in held}
    name = _KEYS.get(key.casefold()) or (key.lower() if len(key) == 1 else "")
    if "" in modifiers or not name or not name.isascii() or not name.isprintable():
        raise NotAKey(text)
    if len(name) == 1 and not name.isalpha():
        modifiers.discard("Shift")
    return "+".join([*(each for each in MODIFIERS if each in modifiers), name])


def read(binding: str, *, is_mac: bool) -> str:
    """For people: `Ctrl+Shift+K`, or `⇧⌘K` as Macs write it; '' for none."""
    if not binding:
        return ""
    *held, key = re.split(r"\+(?=.)", binding)
    name = NAMED.get(key, key.upper())
    if is_mac:
        return "".join({"Mod": "⌘", "Alt": "⌥", "Shift": "⇧"}[each] for each in held) + name
    return "+".join([*({"Mod": "Ctrl"}.get(each, each) for each in held), name])
