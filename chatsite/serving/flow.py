"""How fast a response may be written: no faster than its reader takes it.

daphne by itself takes whatever the site has to send into memory, which for a download is all of it.
"""

import asyncio
from time import monotonic


class Flow:
    """Twisted says when its buffer is full, and when there is room again."""

    def __init__(self) -> None:
        self._room = asyncio.Event()
        self._room.set()
        self.moved_at = monotonic()

    async def room(self) -> None:
        await self._room.wait()

    def pauseProducing(self) -> None:  # noqa: N802 - twisted's names
        self._room.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self.moved_at = monotonic()
        self._room.set()

    def stopProducing(self) -> None:  # noqa: N802
        """Nobody is there any more who would read it."""
        self._room.set()
