"""The rules of who may know whom, kept by reading the imports."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.environment import variable_names

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("chatsite", "conversations", "providers")
LONGEST_FILE = 300
LONGEST_FUNCTION = 50

FILES = sorted(
    path.relative_to(ROOT)
    for part in PARTS
    for path in (ROOT / part).rglob("*.py")
    if "migrations" not in path.parts
)
STANDARD = frozenset(sys.stdlib_module_names)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def imports(file: Path) -> Iterator[str]:
    """Dotted names that a file imports, `from a import b` as `a.b`."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(prefix: str) -> list[Path]:
    """The files of a package, or the one file of a module."""
    return [
        file for file in FILES if str(file).startswith(f"{prefix}/") or str(file) == f"{prefix}.py"
    ]


def offences(files: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{file} imports {name}"
        for file in files
        for name in imports(file)
        if any(name == root or name.startswith(f"{root}.") for root in forbidden)
    ]


@pytest.mark.parametrize(
    ("part", "forbidden"),
    [
        ("conversations", ["chatsite"]),
        ("providers", ["chatsite", "conversations", "channels"]),
        ("providers/client", ["django.db", "providers.models"]),
        ("providers/transport", ["django.db", "providers.models"]),
        ("providers/dialect", ["django.db", "providers.models"]),
        ("providers/exchange", ["django.db", "providers.models"]),
        ("providers/failover", ["django.db", "providers.models"]),
        ("providers/attempts", ["django.db", "providers.models"]),
        ("providers/health", ["django.db", "providers.models"]),
        ("providers/netguard", ["django"]),
        ("conversations/rendering", ["django.db", "conversations.models", "providers.models"]),
        ("conversations/hints", ["django", "channels", "conversations"]),
        *[
            (f"conversations/importing/{part}", ["django.db", "conversations.models"])
            for part in ("archive", "encoding", "fields", "formats", "pieces", "reading", "tree")
        ],
        ("conversations/transcript", ["django.db", "httpx", "socket", "asyncio", "pathlib"]),
        (
            "conversations/generation",
            [
                "channels",
                "conversations.consumers",
                "conversations.views",
                "django.http",
                "django.shortcuts",
                "django.template",
            ],
        ),
        ("conversations/consumers", ["conversations.models", "conversations.views", "providers"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_knows_more_than_its_place_needs(part: str, forbidden: list[str]) -> None:
    files = under(part)

    assert files, f"there is no {part}"
    assert offences(files, *forbidden) == []


@pytest.mark.parametrize(
    "module",
    [
        "endpoint",
        "errors",
        "signals",
        "adaptation",
        "parameters",
        "learning",
        "media",
        "media_types",
        "hosts",
        "messages",
        "events",
        "routing_events",
        "offer",
        "ordering",
        "cooldown",
        "backoff",
        "labels",
        "lull",
        "masking",
        "sse",
    ],
)
def test_values_and_the_stream_parser_need_the_standard_library_alone(module: str) -> None:
    [file] = under(f"providers/{module}")
    foreign = [name for name in imports(file) if name.split(".")[0] not in STANDARD]

    assert [name for name in foreign if not name.startswith("providers.")] == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_what_a_file_needs_stands_at_its_head(file: Path) -> None:
    hidden = [
        f"{file}:{statement.lineno}"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in ast.walk(node)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_and_its_functions_can_be_read_in_one_go(file: Path) -> None:
    long = [
        node.name
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]

    assert long == []
    assert len((ROOT / file).read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("name", sorted(variable_names()))
def test_every_variable_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in (ROOT / "README.md").read_text(encoding="utf-8")
