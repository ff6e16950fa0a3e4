"""A body that was compressed although that was not asked for, unpacked in small pieces."""

import asyncio
import zlib
from collections.abc import AsyncIterator

import httpx
from django.utils.translation import gettext_noop as _

from providers.failure import broken

# What a kilobyte unpacks to may be a megabyte; nobody holds more than this of it at once.
MOST_PIECE_BYTES = 64 * 1024
# Events that repeat themselves shrink to a fiftieth; what shrinks further was made for it.
MOST_RATIO = 200
ALWAYS_ALLOWED_BYTES = 1024 * 1024
_PLAIN = ("", "identity")
_KNOWN = ("gzip", "x-gzip", "deflate")


def body_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """The pieces of the body; UpstreamError if it is an answer in a packing not known here.

    Packed more than once is not known: each layer would multiply what the last one gave.
    """
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in _KNOWN:
        return _unpacked(response.aiter_raw())
    if packing not in _PLAIN and response.status_code < 400:
        raise broken(_("the answer is compressed, which was not asked for"), response.status_code)
    return response.aiter_raw()


async def _unpacked(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    unpacker = None
    allowed = ALWAYS_ALLOWED_BYTES
    async for data in pieces:
        unpacker = unpacker or _unpacker(data)
        allowed += len(data) * MOST_RATIO
        while data and not unpacker.eof:
            piece = _piece(unpacker, data)
            allowed -= len(piece)
            if allowed < 0:
                raise httpx.DecodingError("compressed too well")
            if piece:
                yield piece
            data = unpacker.unconsumed_tail
            # No wait for the network lets others have their turn, or a limit of time its say.
            await asyncio.sleep(0)


def _piece(unpacker: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return unpacker.decompress(data, MOST_PIECE_BYTES)
    except zlib.error as error:
        raise httpx.DecodingError(str(error)) from error


def _unpacker(start: bytes) -> "zlib._Decompress":
    """For gzip and zlib, told apart by themselves, or for bare deflate, which some mean by it."""
    has_header = start[0] & 0x0F == zlib.DEFLATED or start[0] == 0x1F
    return zlib.decompressobj(zlib.MAX_WBITS | 32 if has_header else -zlib.MAX_WBITS)
