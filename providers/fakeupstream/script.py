"""What is sent for one request, step by step, while somebody watches whether the client stays."""

import asyncio
from collections.abc import Iterable

from providers.fakeupstream.journal import Received

# Bytes to send, seconds to wait, what to wait for, or one of the words below.
Step = bytes | float | asyncio.Event | str
Script = Iterable[Step]

# End the connection, in order or with a reset; say nothing more, or nothing before a release.
CUT, RESET, HANG, HOLD = "cut", "reset", "hang", "hold"


async def play(
    steps: Script, received: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bytes | None:
    """What the client has sent on already; None if the connection is at its end."""
    playing = asyncio.ensure_future(_send(steps, writer))
    watching = asyncio.ensure_future(_see_leave(reader))
    await asyncio.wait({playing, watching}, return_when=asyncio.FIRST_COMPLETED)
    if not playing.done() and not await watching:
        received.disconnected = True
        playing.cancel()
    await asyncio.wait({playing})
    is_open = not playing.cancelled() and not playing.exception() and playing.result()
    # A client may ask again as soon as it has read the end; that byte is not lost.
    watching.cancel()
    await asyncio.wait({watching})
    received.done.set()
    return (b"" if watching.cancelled() else watching.result()) if is_open else None


async def _send(steps: Script, writer: asyncio.StreamWriter) -> bool:
    """Whether the connection stays open after it."""
    for step in steps:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        elif isinstance(step, int | float):
            await asyncio.sleep(step)
        elif isinstance(step, asyncio.Event):
            await step.wait()
        elif step == HANG:
            await asyncio.sleep(3600)
        else:
            if step == RESET:
                writer.transport.abort()
            return False
    return True


async def _see_leave(reader: asyncio.StreamReader) -> bytes:
    """Nothing if the client left; else the first byte of its next request."""
    try:
        return await reader.read(1)
    except ConnectionError:
        return b""
