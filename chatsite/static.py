"""How static files are named, packed and served in production."""

import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from chatsite.modules import WithModules

_IMPORT = re.compile(r'^@import "([\w.-]+)";$', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MARGIN = re.compile(r"\n\s*")
_HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
Paths = dict[str, tuple[Any, str]]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Also those that another process has published since this one began: while an update goes
    from process to process, a new one's page asks for its files wherever the proxy leads."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        if self.static_root and not self.autorefresh:
            self.directories.append((f"{Path(self.static_root).absolute()}/", self.static_prefix))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        # Not kept: what is being written just now would stay half a file.
        late = self.find_file(path) if path not in self.files and _HASHED.search(path) else None
        response: HttpResponseBase = (
            self.serve(late, request) if late else super().__call__(request)
        )
        return response


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Content-hashed names, so that every file may be cached for ever; and stylesheets and scripts
    in one file with those that they import."""

    # For what a script imports only when it is asked for. Of our own scripts alone: what others
    # ship imports nothing, and megabytes of it take seconds to search.
    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: object
    ) -> Iterator[tuple[str, str, bool]]:
        whole = {name: (_whole(name, storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(whole, dry_run, **options)


def _whole(name: str, storage: Storage) -> Any:
    if name.endswith(".css"):
        return WithImports(storage)
    is_ours = name.startswith("js/") and name.endswith(".js")
    return WithModules(storage) if is_ours else storage


class WithImports:
    """Reads a stylesheet with its imports put in: a request each would hold up the first page.
    Without comments and margins, which would be a quarter of what is sent."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile:  # type: ignore[type-arg]
        text = _MARGIN.sub("\n", _COMMENT.sub("", self._read(path)))
        return ContentFile(text.encode(), name=path)

    def _read(self, path: str) -> str:
        with self.storage.open(path) as file:
            text = file.read().decode()
        return _IMPORT.sub(lambda found: self._read(join(dirname(path), found[1])), text)
