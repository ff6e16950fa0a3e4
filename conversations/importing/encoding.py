"""Bytes of a text file -> its text, piece by piece."""

import codecs
from collections.abc import Iterator
from typing import IO

from conversations.importing.values import Fault, UnreadableError

CHUNK = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# JSON begins with a bracket, of which UTF-16 and UTF-32 fill the rest with zeros.
_ZEROS: dict[tuple[bool, ...], str] = {
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
}


def decoded(stream: IO[bytes]) -> Iterator[str]:
    """Raises UnreadableError where the bytes are no text in Unicode."""
    head = stream.read(CHUNK)
    encoding, skipped = _encoding(head)
    decoder = codecs.getincrementaldecoder(encoding)()
    chunk = head[skipped:]
    try:
        while chunk:
            yield decoder.decode(chunk)
            chunk = stream.read(CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise UnreadableError(Fault.ENCODING) from None


def _encoding(head: bytes) -> tuple[str, int]:
    """And how many bytes only say which one it is."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    zeros = tuple(byte == 0 for byte in head[:4])
    return _ZEROS.get(zeros, "utf-8"), 0
