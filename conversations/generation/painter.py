"""When new text becomes HTML: not per chunk but per frame, and only while somebody watches."""

import asyncio

from conversations.generation.live import Live


class Painter:
    """Renders one `Live`'s document. The first word is painted at once, the rest in frames."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_behind = False
        self._timer: asyncio.TimerHandle | None = None
        self._painting: asyncio.Task[None] | None = None
        self._painted_at = 0.0
        self._behind_since = 0.0

    def request(self) -> None:
        """Paint when the frame is due; the wait grows with the part that has to be sent again."""
        if not self._is_behind:
            self._is_behind, self._behind_since = True, self._running_loop().time()
        if self._timer or self._painting or not self._live.is_watched:
            return
        loop = self._running_loop()
        wait = self._painted_at + self._live.document.interval() - loop.time()
        if wait <= 0:
            self._paint()
        else:
            self._timer = loop.call_later(wait, self._paint)

    async def catch_up(self) -> None:
        """Bring the HTML up to the text, for a reader who has just come."""
        if self._is_behind and not self._timer and not self._painting:
            self._paint()
        if self._painting:
            await asyncio.shield(self._painting)

    async def finish(self) -> None:
        """Settle on the HTML that is kept."""
        if self._timer:
            self._timer.cancel()
        if self._painting:
            await self._painting
        document = self._live.document
        if self._is_behind:
            self._live.painted_from = self._behind_since
        if document.costly_to_finish:
            await asyncio.to_thread(document.finish)
        else:
            document.finish()
        self._live.wake()

    def _paint(self) -> None:
        self._timer, self._is_behind = None, False
        self._painted_at = self._running_loop().time()
        self._live.painted_from = self._behind_since
        document = self._live.document
        if document.costly:
            # The loop has other streams to serve.
            self._painting = asyncio.create_task(self._paint_aside())
        else:
            document.advance()
            self._live.wake()

    async def _paint_aside(self) -> None:
        try:
            await asyncio.to_thread(self._live.document.advance)
        finally:
            self._painting = None
        self._live.wake()
        if self._is_behind:
            self.request()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        # Asked once, since asking is a system call.
        self._loop = self._loop or asyncio.get_running_loop()
        return self._loop
