"""How much a page's socket may have on its way, and how often it may ask."""

import asyncio
from collections import deque


class Flight:
    """Frames that were sent and not acknowledged yet.

    daphne's `send` never waits: what a reader does not read stays in this process's memory. So
    there is room for another frame only while fewer than `frames` of them, and of their `size`
    in bytes, are under way.
    """

    def __init__(self, frames: int, size: int) -> None:
        self.number = 0
        self._frames, self._size = frames, size
        self._sizes: deque[int] = deque()
        self._under_way = 0
        self._landed = asyncio.Event()

    async def room(self) -> None:
        while self._is_full():
            self._landed.clear()
            await self._landed.wait()

    def launch(self, size: int) -> None:
        self.number += 1
        self._sizes.append(size)
        self._under_way += size

    def land(self, number: int) -> bool:
        """All frames up to this number have arrived; False for one that was not even sent."""
        if number > self.number:
            return False
        while self._sizes and self.number - len(self._sizes) < number:
            self._under_way -= self._sizes.popleft()
        self._landed.set()
        return True

    def _is_full(self) -> bool:
        return len(self._sizes) >= self._frames or self._under_way >= self._size


def size_of(text: str) -> int:
    """Its bytes, at most: to count them would take as long as to encode it once more."""
    return len(text) if text.isascii() else 3 * len(text)


class Allowance:
    """So many at once, and then so many a second; 0 at once means any number."""

    def __init__(self, at_once: float, per_s: float) -> None:
        self._most, self._per_s = float(at_once), per_s
        self._left, self._at = self._most, 0.0

    def has(self, now: float, size: float = 1) -> bool:
        """Whether there is so much left at `now`, in seconds of a clock that never goes back."""
        self._left = min(self._most, self._left + (now - self._at) * self._per_s)
        self._at = now
        return not self._most or self._left >= size

    def take(self, now: float, size: float = 1) -> bool:
        """As `has`, and then there is so much less."""
        if not self.has(now, size):
            return False
        self._left -= size
        return True

    def spend(self, size: float) -> None:
        """What is known only afterwards may be more than there was; then nothing is left for as
        long as that takes."""
        self._left -= size
