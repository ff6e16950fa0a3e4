"""All that readers see of a live document at one moment, and what one of them lacks."""

from html import escape
from typing import NamedTuple
from zlib import crc32

from django.utils.safestring import SafeString

from conversations.rendering.cursor import Cursor, Patch
from conversations.rendering.sanitise import text_end


class Shown(NamedTuple):
    """Replaced as a whole, since rendering may go on in another thread: of `frozen` and `sums`,
    which only grow within an epoch, so many blocks as `blocks` says are seen."""

    epoch: int
    frozen: list[SafeString]
    #: Of all HTML before each block; and of all of it.
    sums: list[int]
    blocks: int
    tail: SafeString
    tail_sum: int
    version: int
    suffix: str
    suffix_sum: int
    #: Characters of the source that this was made from.
    length: int

    @property
    def cursor(self) -> Cursor:
        return Cursor(
            self.epoch,
            self.blocks,
            self.version,
            len(self.suffix),
            self.length,
            self.sums[self.blocks],
            self.suffix_sum,
        )

    def since(self, cursor: Cursor | None, most: int) -> Patch:
        """Blocks of no more than `most` characters at once, but one at least; where there are
        more, the open block comes with the last of them."""
        is_known = cursor is not None and self._has(cursor)
        first = cursor.frozen if cursor and is_known else 0
        last = self._fitting(first, most)
        done = "".join(self.frozen[first:last])
        if last < self.blocks:
            on_the_way = Cursor(self.epoch, last, 0, 0, 0, self.sums[last], 0)
            return Patch(not is_known, done, "", "", on_the_way, more=True)
        if cursor and is_known and (known := self._known_suffix(cursor)) is not None:
            return Patch(False, done, None, self.suffix[known:], self.cursor)
        return Patch(not is_known, done, self.tail, self.suffix, self.cursor)

    def _has(self, cursor: Cursor) -> bool:
        """Whether its reader's finished blocks are the first ones here. Another process may have
        cut the text in other places on its way to the same blocks."""
        if cursor.frozen > self.blocks:
            return False
        if cursor.epoch == self.epoch:
            return self._is_behind(cursor)
        return cursor.done_sum == self.sums[cursor.frozen]

    def _is_behind(self, cursor: Cursor) -> bool:
        if cursor.version == self.version:
            return cursor.suffix <= len(self.suffix)
        return cursor.version < self.version

    def _known_suffix(self, cursor: Cursor) -> int | None:
        """So much of the suffix its reader's open block has; None where that is another block.
        Elsewhere more of the same text may have been tail, and less of it suffix."""
        if cursor.epoch == self.epoch:
            return cursor.suffix if cursor.version == self.version else None
        known = len(self.suffix) - (self.length - cursor.length)
        if not 0 <= known <= len(self.suffix):
            return None
        same = sum_of_text(self.suffix[:known], self.tail_sum) == cursor.suffix_sum
        return known if same else None

    def _fitting(self, first: int, most: int) -> int:
        size = 0
        for number in range(first, self.blocks):
            size += len(self.frozen[number])
            if size > most and number > first:
                return number
        return self.blocks


def nothing(epoch: int) -> Shown:
    return Shown(epoch, [], [0], 0, SafeString(), 0, 0, "", 0, 0)


def sum_of(text: str, before: int = 0) -> int:
    """Equal for equal text after equal text, in every process."""
    return crc32(text.encode(), before)


def sum_of_text(text: str, before: int) -> int:
    """As if it stood in the HTML before it."""
    return sum_of(escape(text, quote=False), before)


def sum_of_tail(tail: str) -> int:
    """Up to where text is added to it."""
    return sum_of(tail[: text_end(tail)])


def add(html: SafeString, frozen: list[SafeString], sums: list[int]) -> None:
    """One more finished block; not seen before a `Shown` counts it."""
    sums.append(sum_of(html, sums[-1]))
    frozen.append(html)
