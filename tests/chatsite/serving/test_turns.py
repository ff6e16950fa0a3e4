"""Several processes of a site that start at once on a new database."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import site
from tests.faults import servers

ADA = {"DJANGO_SUPERUSER_USERNAME": "ada", "DJANGO_SUPERUSER_PASSWORD": "a long passphrase"}


def start_at_once(folders: list[Path], **variables: str) -> None:
    """All of them get ready, and none has a fault to tell of."""
    with ExitStack() as stack:
        each = [
            stack.enter_context(site.started(folder, "--port", "0", **ADA, **variables))
            for folder in folders
        ]
        for one in each:
            one.read_until(r"^Ready: ")
            assert "Traceback" not in one.log.read_text()


@pytest.mark.thorough
def test_with_one_folder_between_them(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        # A log for each, and the same data.
        folder.mkdir()
    start_at_once(folders, DATA_DIR=str(tmp_path))


@pytest.mark.thorough
@pytest.mark.servers
def test_with_one_postgres_between_them(tmp_path: Path) -> None:
    with servers.postgres() as (_server, url):
        start_at_once([tmp_path / name for name in "abc"], DATABASE_URL=url)
