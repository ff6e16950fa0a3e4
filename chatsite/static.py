"""How static files are named and packed for production."""

import re
from collections.abc import Iterator
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'^@import "([\w.-]+)";$', re.MULTILINE)
Paths = dict[str, tuple[Any, str]]


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Content-hashed names, also for the relative imports between ES modules, so that every
    file may be cached for ever; and stylesheets with those that they import in one file."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: object
    ) -> Iterator[tuple[str, str, bool]]:
        whole = {
            name: (WithImports(storage), path) if name.endswith(".css") else (storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(whole, dry_run, **options)


class WithImports:
    """Reads a stylesheet with its imports put in: a request each would hold up the first page."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile:  # type: ignore[type-arg]
        return ContentFile(self._read(path).encode(), name=path)

    def _read(self, path: str) -> str:
        with self.storage.open(path) as file:
            text = file.read().decode()
        return _IMPORT.sub(lambda found: self._read(join(dirname(path), found[1])), text)
