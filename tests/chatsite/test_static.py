from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from chatsite.static import StaticFiles

MANIFEST = {"BACKEND": "chatsite.static.ModuleManifestStorage"}


def test_a_stylesheet_is_published_with_what_it_imports(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": MANIFEST}
    call_command("collectstatic", interactive=False, verbosity=0)
    (published,) = tmp_path.glob("css/app.*.css")
    parts = ("layout", "sidebar", "composer", "message", "prose")
    text = published.read_text(encoding="utf-8")
    assert not any(each in text for each in ("@import", "/*", "\n "))
    assert [part for part in parts if f"@layer {part}" not in text] == []


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=404)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("js/late.0123456789ab.js", 200),
        ("js/never.0123456789ab.js", 404),
        ("js/late.js", 404),
        ("../late.0123456789ab.js", 404),
    ],
)
def test_what_another_process_published_since_is_served_too(
    settings: Settings, tmp_path: Path, rf: RequestFactory, name: str, status: int
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    (tmp_path / "static" / "js").mkdir(parents=True)
    served = StaticFiles(answer)
    for late in ("static/js/late.0123456789ab.js", "static/js/late.js", "late.0123456789ab.js"):
        (tmp_path / late).write_text("1", encoding="utf-8")
    assert served(rf.get(f"/static/{name}")).status_code == status
