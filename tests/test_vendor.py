"""What we ship of others is what they published, and what we made of it is made of that."""

import hashlib
import re
from pathlib import Path

import pytest

from static.vendor import concatenate

VENDOR = Path(concatenate.__file__).parent
HASHES = [
    (f"{readme.parent.name}/{name}", digest)
    for readme in sorted(VENDOR.glob("*/README.md"))
    for name, digest in re.findall(r"`(\S+\.js)`.*`([0-9a-f]{64})`", readme.read_text())
]


def test_the_loaded_file_is_made_of_the_vendored_parts() -> None:
    assert concatenate.WHOLE.read_bytes() == concatenate.whole()


def test_every_vendored_script_has_a_hash_in_the_readme() -> None:
    scripts = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*.js")}
    assert {name for name, _digest in HASHES} == scripts


@pytest.mark.parametrize(("name", "digest"), HASHES, ids=[name for name, _digest in HASHES])
def test_a_vendored_script_is_unchanged(name: str, digest: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_pages_load_the_one_concatenated_file() -> None:
    page = (Path(__file__).parent.parent / "templates" / "app.html").read_text()
    whole = concatenate.WHOLE
    assert re.findall(r"vendor/(\S+?)'", page) == [f"{whole.parent.name}/{whole.name}"]


def test_the_frame_loads_the_one_vendored_drawing_library() -> None:
    page = (Path(__file__).parent.parent / "templates" / "diagram.html").read_text()
    [name] = re.findall(r"vendor/(\S+?)'", page)
    assert (VENDOR / name).is_file()
    assert (VENDOR / name).parent.joinpath("LICENSE").is_file()
