"""What must be once in a page is loaded once, kept by reading the imports of the scripts."""

import re
from collections import Counter
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent / "static" / "js"
TEMPLATES = STATIC.parent.parent / "templates"
IMPORTED = re.compile(r'^(?:import|export)\b[^;]*?"\./([\w-]+\.js)";', re.MULTILINE)
LATER = re.compile(r'\bimport\("\./([\w-]+\.js)"\)')
#: Two of a module that has one of these are not the same as one.
HOLDS = re.compile(
    r"^(?:let |customElements\.define|(?:document\.)?addEventListener|const \w+ = new )",
    re.MULTILINE,
)
PAGES = sorted(
    {
        name
        for template in TEMPLATES.rglob("*.html")
        for name in re.findall(r"'js/([\w-]+\.js)'", template.read_text(encoding="utf-8"))
    }
)


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _with_imports(name: str) -> set[str]:
    found, open_ends = {name}, [name]
    while open_ends:
        new = set(IMPORTED.findall(_text(open_ends.pop()))) - found
        found |= new
        open_ends += new
    return found


def _parts(page: str) -> dict[str, set[str]]:
    """The modules of each file that a page loads, by what it begins with: published, each is one
    file, and a module in it is not the one of another file."""
    parts, open_ends = {page: _with_imports(page)}, [page]
    while open_ends:
        for module in parts[open_ends.pop()]:
            new = set(LATER.findall(_text(module))) - set(parts)
            parts |= {name: _with_imports(name) for name in new}
            open_ends += new
    return parts


@pytest.mark.parametrize("page", PAGES)
def test_what_must_be_once_is_loaded_once(page: str) -> None:
    counted = Counter(module for part in _parts(page).values() for module in part)
    twice = [module for module, times in counted.items() if times > 1]
    assert [module for module in sorted(twice) if HOLDS.search(_text(module))] == []


def test_what_a_chat_loads_later_is_known() -> None:
    assert "edit.js" in _parts("chat.js")
