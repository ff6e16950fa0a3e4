from pathlib import Path

from django.core.management import call_command
from pytest_django import Settings

MANIFEST = {"BACKEND": "chatsite.static.ModuleManifestStorage"}


def test_a_stylesheet_is_published_with_what_it_imports(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": MANIFEST}
    call_command("collectstatic", interactive=False, verbosity=0)
    (published,) = tmp_path.glob("css/app.*.css")
    parts = ("layout", "sidebar", "composer", "message", "prose")
    text = published.read_text(encoding="utf-8")
    assert "@import" not in text
    assert [part for part in parts if f"@layer {part}" not in text] == []
