"""A page that is sent piece by piece, read to its end."""

import asyncio
from typing import Any

from providers.client import close


def read(response: Any) -> str:
    return asyncio.run(whole(response)).decode()


async def whole(response: Any) -> bytes:
    try:
        return b"".join([piece async for piece in response.streaming_content])
    finally:
        # This loop ends here, and its connections with it.
        await close()
