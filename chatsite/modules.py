"""Scripts, published as one file for each page.

The browser could load the modules themselves, and does in development: but each is a request, and
those that import others are a chain of them, before the first page can be used.
"""

import re
from collections.abc import Iterator
from posixpath import basename, dirname, join

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

_IMPORT = re.compile(r'^import (?:(\{[\w,\s]+\}) from )?"\./([\w-]+)\.js";\n', re.MULTILINE)
# Whole lines of it alone: what "//" means within one takes a parser to tell.
_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_MARGIN = re.compile(r"^[ \t]+", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|const|function) (\w+))", re.MULTILINE)


class WithModules:
    """Reads a module with those that it imports put in, each once, as a function of its own that
    returns what it exports. Comments and margins are for who reads the source: a quarter of what
    would be sent."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile:  # type: ignore[type-arg]
        text = self._read(path)
        if _IMPORT.search(text):
            text = "".join(map(self._enclosed, dict.fromkeys(self._in_order(path))))
        return ContentFile(text.encode(), name=path)

    def _in_order(self, path: str) -> Iterator[str]:
        """As a browser runs them: what is imported before who imports it."""
        for found in _IMPORT.finditer(self._read(path)):
            yield from self._in_order(join(dirname(path), f"{found[2]}.js"))
        yield path

    def _enclosed(self, path: str) -> str:
        text = self._read(path)
        exported = ", ".join(_EXPORT.findall(text))
        body = _IMPORT.sub(_taken, _EXPORT.sub("", text))
        name = _name(basename(path).removesuffix(".js"))
        return f"const {name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"

    def _read(self, path: str) -> str:
        with self.storage.open(path) as file:
            text: str = file.read().decode()
        return _MARGIN.sub("", _COMMENT.sub("", text))


def _taken(found: re.Match[str]) -> str:
    return f"const {found[1]} = {_name(found[2])};\n" if found[1] else ""


def _name(module: str) -> str:
    return f"${module.replace('-', '_')}"
