"""Scripts in one file: what it holds, and in which order."""

import re
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from chatsite.modules import WithModules

FILES = {
    "a.js": 'import { b, B } from "./b-b.js";\nimport "./c.js";\nb(B);\n',
    "b-b.js": 'import { c } from "./c.js";\nexport function b() {}\nexport const B = c;\n',
    "c.js": "// Of c.\nexport const c = 1;\nconst hidden = 2;\n",
}


def published(folder: Path, name: str) -> str:
    (folder / "js").mkdir()
    for each, text in FILES.items():
        (folder / "js" / each).write_text(text, encoding="utf-8")
    file = WithModules(FileSystemStorage(folder)).open(f"js/{name}")
    return bytes(file.read()).decode()


def test_each_module_is_in_it_once_before_those_that_import_it(tmp_path: Path) -> None:
    text = published(tmp_path, "a.js")
    starts = [text.index(f"const {name} = (() => {{") for name in ("$c", "$b_b", "$a")]
    assert starts == sorted(starts)
    assert text.count("const c = 1;") == 1


def test_comments_are_not_sent(tmp_path: Path) -> None:
    assert "Of c." not in published(tmp_path, "a.js")


def test_what_is_exported_is_handed_over_and_the_rest_is_not(tmp_path: Path) -> None:
    text = published(tmp_path, "a.js")
    assert "return { b, B };" in text
    assert "const { b, B } = $b_b;" in text
    assert "return { c };" in text


def test_no_import_and_no_export_is_left(tmp_path: Path) -> None:
    text = published(tmp_path, "a.js")
    assert "import " not in text
    assert "export " not in text


def test_a_module_that_imports_nothing_is_as_it_was(tmp_path: Path) -> None:
    assert published(tmp_path, "c.js") == FILES["c.js"].removeprefix("// Of c.\n")


@pytest.mark.parametrize("file", sorted(Path("static/js").glob("*.js")), ids=lambda file: file.name)
def test_what_begins_a_line_like_a_comment_is_one(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    comments = re.finditer(r"^[ \t]*//", text, re.MULTILINE)
    assert all(text.count("`", 0, found.start()) % 2 == 0 for found in comments)
