"""What a reader has seen of a live document, and what it has to be sent to catch up."""

import re
from dataclasses import dataclass, field
from typing import Self

_CURSOR = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){4}(?:\.[0-9a-f]{1,8}){2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """`frozen` blocks of `epoch`, the tail's `version`, and `suffix` characters after it; of the
    source, that is so much as `length` says.

    The sums are those of the blocks and of the tail with its suffix: a document of another epoch,
    or in another process, knows by them whether its own begins in the same way.
    """

    epoch: int
    frozen: int
    version: int
    suffix: int
    length: int = 0
    done_sum: int = 0
    suffix_sum: int = 0

    def __str__(self) -> str:
        place = f"{self.epoch}.{self.frozen}.{self.version}.{self.suffix}.{self.length}"
        return f"{place}.{self.done_sum:x}.{self.suffix_sum:x}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for anything that `str(cursor)` could not have made."""
        if not _CURSOR.fullmatch(text):
            return None
        *place, done_sum, suffix_sum = text.split(".")
        sums = {"done_sum": int(done_sum, 16), "suffix_sum": int(suffix_sum, 16)}
        return cls(*map(int, place), **sums)


@dataclass(frozen=True, slots=True)
class Patch:
    """`frozen` HTML goes after the finished blocks, or replaces them all when `reset`.

    `tail` replaces the open block's HTML unless None; `text` (plain, unescaped) is then added at
    the deepest last text position of the tail. The reader is at `cursor` afterwards: ask the patch
    and not the document, which another thread may have brought further in between. With `more`,
    there is more already, and the next patch has it.
    """

    reset: bool
    frozen: str
    tail: str | None
    text: str
    cursor: Cursor = field(default=Cursor(0, 0, 0, 0), compare=False)
    more: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.reset or self.frozen or self.tail is not None or self.text)
