"""The rule of who may know whom among the scripts, kept by reading the imports."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "static" / "js"
IMPORTED = re.compile(r'^(?:import|export)\b[^;]*?"\./([\w-]+\.js)";', re.MULTILINE)
LATER = re.compile(r'\bimport\("\./([\w-]+\.js)"\)')
#: Two of a module that has these are not the same as one.
HOLDS = re.compile(r"^(?:let |customElements\.define)", re.MULTILINE)


def _text(name: str) -> str:
    return (SCRIPTS / name).read_text(encoding="utf-8")


def _with_imports(name: str) -> Iterator[str]:
    yield name
    for imported in IMPORTED.findall(_text(name)):
        yield from _with_imports(imported)


def _later(name: str) -> Iterator[str]:
    for first in set(_with_imports(name)):
        for later in LATER.findall(_text(first)):
            yield from _with_imports(later)
            yield from _later(later)


@pytest.mark.parametrize("page", ["app.js", "chat.js", "temporary.js", "page.js"])
def test_what_is_loaded_later_has_nothing_twice_that_must_be_once(page: str) -> None:
    # Published, what a page begins with is one file: a module in it is not the one at its address.
    twice = set(_later(page)) & set(_with_imports(page))
    assert [name for name in sorted(twice) if HOLDS.search(_text(name))] == []


def test_something_is_loaded_later() -> None:
    assert "edit.js" in set(_later("chat.js"))
