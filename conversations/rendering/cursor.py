"""What a reader has seen of a live document, and what it has to be sent to catch up."""

import re
from dataclasses import dataclass, field
from typing import Self

_CURSOR = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """`frozen` blocks of `epoch`, the tail's `version`, and `suffix` characters after it."""

    epoch: int
    frozen: int
    version: int
    suffix: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.frozen}.{self.version}.{self.suffix}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for anything that `str(cursor)` could not have made."""
        found = _CURSOR.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None


@dataclass(frozen=True, slots=True)
class Patch:
    """`frozen` HTML goes after the finished blocks, or replaces them all when `reset`.

    `tail` replaces the open block's HTML unless None; `text` (plain, unescaped) is then added at
    the deepest last text position of the tail. The reader is at `cursor` afterwards: ask the patch
    and not the document, which another thread may have brought further in between.
    """

    reset: bool
    frozen: str
    tail: str | None
    text: str
    cursor: Cursor = field(default=Cursor(0, 0, 0, 0), compare=False)

    @property
    def is_empty(self) -> bool:
        return not (self.reset or self.frozen or self.tail is not None or self.text)
