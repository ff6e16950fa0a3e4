"""The table of promises names tests that exist, and says the same in both languages."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLES = [ROOT / "docs" / name for name in ("promises.md", "promises.zh-CN.md")]
PROMISES = [*(f"R{number}" for number in range(1, 21)), "D1", "D4", "A2", "A3", "X9", "X10"]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| ([A-Z]\d+) \|(.*)$", re.MULTILINE)


def rows(table: Path) -> dict[str, list[tuple[str, str]]]:
    """The tests that hold up each promise."""
    found = ROW.findall(table.read_text(encoding="utf-8"))
    return {promise: NAMED.findall(row) for promise, row in found}


def exists(file: str, name: str) -> bool:
    path = ROOT / file
    return path.exists() and f"def {name}(" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_is_held_up_by_tests_that_exist(promise: str) -> None:
    named = rows(TABLES[0])[promise]

    assert named
    assert [each for each in named if not exists(*each)] == []


def test_both_languages_name_the_same_tests() -> None:
    assert rows(TABLES[0]) == rows(TABLES[1])


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_table_is_found_from_the_readme(readme: str) -> None:
    table = readme.replace("README", "docs/promises")

    assert f"]({table})" in (ROOT / readme).read_text(encoding="utf-8")
