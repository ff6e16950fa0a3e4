from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from chatsite.keyfile import read_or_create


def test_a_secret_is_made_once_and_then_read(tmp_path: Path) -> None:
    first = read_or_create(tmp_path / "key", lambda: "first")

    assert first == read_or_create(tmp_path / "key", lambda: "second") == "first"


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    read_or_create(tmp_path / "key", lambda: "secret")

    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_many_that_start_at_once_agree(tmp_path: Path) -> None:
    number = count()
    with ThreadPoolExecutor(16) as pool:
        makers = range(16)
        seen = set(
            pool.map(lambda _: read_or_create(tmp_path / "key", lambda: str(next(number))), makers)
        )

    assert len(seen) == 1


def test_nothing_but_the_secret_is_left(tmp_path: Path) -> None:
    read_or_create(tmp_path / "key", lambda: "secret")

    assert [path.name for path in tmp_path.iterdir()] == ["key"]
