import zipfile
from pathlib import Path

import pytest

from chatsite.backups.archive import BadBackup, Manifest, pack, read_manifest, unpack

MANIFEST = Manifest("sqlite", "2026-01-01T00:00:00+00:00", ["a.0001"], {"t": 3}, ["00"])


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    database, key = tmp_path / "some.sqlite3", tmp_path / "secret_key"
    database.write_bytes(b"rows " * 10_000)
    key.write_text("secret")
    pack(tmp_path / "a.zip", MANIFEST, database, [key])
    return tmp_path / "a.zip"


def test_what_was_packed_comes_out(packed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    unpack(packed, folder)
    assert read_manifest(packed) == MANIFEST
    assert (folder / "database").read_bytes() == b"rows " * 10_000
    assert (folder / "secret_key").read_text() == "secret"


def test_nobody_else_may_read_it(packed: Path) -> None:
    assert packed.stat().st_mode & 0o777 == 0o600


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        pack(tmp_path / "a.zip", MANIFEST, tmp_path / "none", [])
    assert list(tmp_path.iterdir()) == []


def test_a_changed_byte_is_found(packed: Path, tmp_path: Path) -> None:
    whole = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        start = archive.getinfo("database").header_offset
    whole[start + 60] ^= 0xFF
    packed.write_bytes(whole)
    with pytest.raises(BadBackup, match="is damaged"):
        unpack(packed, tmp_path)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 half a zip"])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(BadBackup, match="is not a backup"):
        read_manifest(tmp_path / "a.zip")


def test_a_name_in_it_chooses_no_place(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("../outside", "x")
    folder = tmp_path / "out"
    folder.mkdir()
    unpack(packed, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["database", "secret_key"]
    assert not (tmp_path / "outside").exists()


def test_one_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("manifest.json", '{"format": 2, "and": "more"}')
    with pytest.raises(BadBackup, match="newer version"):
        read_manifest(tmp_path / "a.zip")
