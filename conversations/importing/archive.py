"""The files of a zip archive that may hold conversations, and no more of them than is good."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 - not named like one

from conversations.importing.values import Fault, UnreadableError

# Texts of conversations take a fifth to a tenth of their size; what takes less is made to.
MOST_TIMES = 200
# Of all files together, as many times the size that an upload may have.
MOST_TOTAL_TIMES = 20
# The list of its files alone may else take more memory than the rest.
MOST_FILES = 20_000
# The others hand out all that a few bytes unpack to at once, before anybody could count it.
_METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED})
_FREE = 10 * 1024 * 1024
_END, _END_OF_LARGE = b"PK\x05\x06", b"PK\x06\x07"
_CONVERSATIONS = re.compile(r"(?:^|/)conversations[^/]*\.json$", re.IGNORECASE)
_JSON = re.compile(r"\.(?:json|jsonl|ndjson)$", re.IGNORECASE)
_BROKEN = (BadZipFile, LargeZipFile, ZlibError, EOFError, NotImplementedError, OSError)


def is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", _END))


@contextmanager
def members(file: IO[bytes], limit: int) -> Iterator[Iterator[IO[bytes]]]:
    """The files that may hold conversations, each to be read before the next. `limit` is in bytes,
    that of an upload. Raises UnreadableError, also while they are read."""
    _check_list(file)
    try:
        with ZipFile(file) as archive:
            yield _opened(archive, limit * MOST_TOTAL_TIMES)
    except _BROKEN:
        raise UnreadableError(Fault.ZIP_BROKEN) from None


def _opened(archive: ZipFile, most: int) -> Iterator[IO[bytes]]:
    chosen = _chosen(archive.infolist())
    if not chosen:
        raise UnreadableError(Fault.ZIP_EMPTY)
    budget = _Budget(most)
    for info in chosen:
        if info.flag_bits & 1:
            raise UnreadableError(Fault.ZIP_LOCKED)
        if info.compress_type not in _METHODS:
            raise UnreadableError(Fault.ZIP_METHOD)
        with archive.open(info) as member:
            yield io.BufferedReader(_Bounded(member, info, budget), 64 * 1024)


def _chosen(infos: list[ZipInfo]) -> list[ZipInfo]:
    """Those that are called so, else whatever is JSON."""
    named = [info for info in infos if _CONVERSATIONS.search(info.filename)]
    return named or [info for info in infos if _JSON.search(info.filename)]


def _check_list(file: IO[bytes]) -> None:
    """Before anybody makes objects of it."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 70_000))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise UnreadableError(Fault.ZIP_BROKEN)
    files = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if files > MOST_FILES or length > MOST_FILES * 300 or tail[:at].endswith(_END_OF_LARGE):
        raise UnreadableError(Fault.ZIP_BOMB)
    if _END_OF_LARGE in tail[max(0, at - 20) : at]:
        raise UnreadableError(Fault.ZIP_BOMB)


class _Budget:
    def __init__(self, most: int) -> None:
        self.left = most


class _Bounded(io.RawIOBase):
    """Counts what really comes out: what the archive says of it may be anything."""

    def __init__(self, member: IO[bytes], info: ZipInfo, budget: _Budget) -> None:
        self._member, self._budget = member, budget
        self._left = info.compress_size * MOST_TIMES + _FREE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._member.read(len(buffer))
        self._left -= len(data)
        self._budget.left -= len(data)
        if min(self._left, self._budget.left) < 0:
            raise UnreadableError(Fault.ZIP_BOMB)
        buffer[: len(data)] = data
        return len(data)
