import zlib
from collections.abc import AsyncIterator

import httpx
import pytest

from providers.errors import UpstreamError
from providers.packing import body_of

TEXT = b"".join(b"data: %d\n\n" % number for number in range(20_000))


class Pieces(httpx.AsyncByteStream):
    def __init__(self, body: bytes, size: int) -> None:
        self._pieces = [body[i : i + size] for i in range(0, len(body), size)]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


async def read(body: bytes, packing: str, size: int = 1000, status: int = 200) -> bytes:
    response = httpx.Response(
        status, headers={"content-encoding": packing}, stream=Pieces(body, size)
    )
    return b"".join([piece async for piece in body_of(response)])


def packed(wbits: int) -> bytes:
    packer = zlib.compressobj(wbits=wbits)
    return packer.compress(TEXT) + packer.flush()


@pytest.mark.parametrize("size", [1, 1000, 10**6])
@pytest.mark.parametrize(
    ("packing", "wbits"), [("gzip", 31), ("GZIP", 31), ("deflate", 15), ("deflate", -15)]
)
async def test_what_is_packed_is_unpacked(packing: str, wbits: int, size: int) -> None:
    assert await read(packed(wbits), packing, size) == TEXT


@pytest.mark.parametrize("packing", ["", "identity"])
async def test_what_is_not_packed_stays(packing: str) -> None:
    assert await read(TEXT, packing) == TEXT


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "gzip,identity"])
async def test_an_answer_in_another_packing_is_an_error(packing: str) -> None:
    with pytest.raises(UpstreamError, match="compressed"):
        await read(b"?", packing)


async def test_a_refusal_in_another_packing_still_has_its_status() -> None:
    assert await read(b"?", "br", status=401) == b"?"


async def test_nonsense_is_told_as_such() -> None:
    with pytest.raises(httpx.DecodingError):
        await read(b"no gzip at all", "gzip")
