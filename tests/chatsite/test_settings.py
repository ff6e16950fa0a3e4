"""The settings as a new process reads them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = {"CSRF_TRUSTED_ORIGINS": "https://chat.example.org"}


def read(expression: str, data_dir: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Prints an expression of the settings under these variables alone."""
    return subprocess.run(
        [sys.executable, "-c", f"from chatsite import settings; print({expression})"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DEBUG": "1", "HOST": "0.0.0.0"}, "DEBUG must be 0"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "*"}, "DEBUG must be 0"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY must be 50 random characters"),
        ({"SECRET_KEY": "django-insecure-" + "abcdefgh" * 8}, "SECRET_KEY must be 50 random"),
        ({"ENCRYPTION_KEYS": "short"}, "ENCRYPTION_KEYS must be keys of 32 bytes"),
        ({"DATABASE_URL": "mysql://a:hidden@b/c"}, "DATABASE_URL must be postgres://"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must be postgres://"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL must be redis://"),
        ({"SIGNUP": "open"}, "SIGNUP must be closed"),
        ({"SIGNUP": "sometimes"}, "SIGNUP must be closed"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be 16 characters"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be text or json"),
        ({"LOCAL_MODEL": "tiny"}, "LOCAL_MODEL must be 1 or 0"),
        ({"DJANGO_SUPERUSER_USERNAME": "ada"}, "DJANGO_SUPERUSER_USERNAME and"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_value_ends_the_start_with_one_line(
    variables: dict[str, str], words: str, tmp_path: Path
) -> None:
    run = read("''", tmp_path, **variables)

    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert run.stderr.startswith(words)


def test_the_words_about_a_database_keep_its_password(tmp_path: Path) -> None:
    assert "hidden" not in read("''", tmp_path, DATABASE_URL="mysql://a:hidden@b/c").stderr


def test_two_starts_have_the_same_secrets(tmp_path: Path) -> None:
    secrets = "settings.SECRET_KEY, settings.ENCRYPTION_KEYS"

    assert read(secrets, tmp_path).stdout == read(secrets, tmp_path).stdout


def test_cookies_are_for_https_alone_where_the_site_is_published_so(tmp_path: Path) -> None:
    cookies = "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE"

    assert read(cookies, tmp_path, **PUBLISHED).stdout == "True True\n"


def test_the_production_settings_pass_django_s_own_list(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **PUBLISHED},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr


def test_what_the_database_s_address_asks_for_is_kept(tmp_path: Path) -> None:
    url = "postgres://chat@db.example/chat?sslmode=require"
    told = read("settings.DATABASES['default']['OPTIONS']['sslmode']", tmp_path, DATABASE_URL=url)
    assert told.stdout.strip() == "require"
