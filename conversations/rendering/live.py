"""The incremental renderer: an answer's HTML while the answer grows.

Everything before the start of the last top-level block is finished, so it is rendered once and
frozen; only the open block, the tail, is rendered again. Readers are brought up to date by state,
not by a list of events: any cursor, however old or odd, gets exactly what it misses.
"""

import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from conversations.rendering.continuation import (
    Continuation,
    Fence,
    Prose,
    decidable,
    is_closed_fence,
)
from conversations.rendering.craft import Craft
from conversations.rendering.cursor import Cursor, Patch
from conversations.rendering.markdown import Block, blocks, dress, normalise
from conversations.rendering.markup import skip
from conversations.rendering.sanitise import insert_text, joined
from conversations.rendering.shown import Shown, add, nothing, sum_of_tail, sum_of_text

_INTERVAL_S = 0.05
_LONGEST_INTERVAL_S = 0.5
_RESENT_BYTES_PER_S = 40_000
_COSTLY_CODE = 2_048
_COSTLY_TAIL = 16_384
_COSTLY_TEXT = 65_536
# A tail over _COSTLY_TAIL is rendered again only when this part of it is new: the cost of one
# endless block stays linear, and what shows is at most so much behind.
_GROWTH = 1 / 32


# What a frozen block's HTML was made from: the parser's (hashed), and what was spent before it.
_Key = tuple[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page's worth: `cursor` continues exactly where `done` and `tail` end."""

    cursor: Cursor
    done: SafeString
    tail: SafeString


class LiveDocument:
    """`append` and all reading belong to one thread; `advance` and `finish` may each run in
    another, one at a time, and only `costly` may not be asked meanwhile. Nothing is appended
    after `finish`.
    """

    def __init__(self, epoch: int = 0) -> None:
        self._parts: list[str] = []
        self._pending: deque[str] = deque()
        self._ends_with_cr = False
        self._tail_parts: list[str] = []
        self._tail_length = 0
        self._rendered_length = 0
        self._taken = 0
        self._is_undecided = False
        self._has_code = False
        self._next: Continuation | None = None
        self._resent = 0
        self._keys: list[_Key] = []
        self._craft = Craft()
        self._state = nothing(epoch)
        #: Characters handed to the parser so far: the measure of what this stream costs.
        self.parsed = 0

    @property
    def text(self) -> str:
        """Everything appended, as it came."""
        self._parts = ["".join(self._parts)]
        return self._parts[0]

    @property
    def epoch(self) -> int:
        """Rises when blocks that were frozen had to change after all."""
        return self._state.epoch

    @property
    def frozen(self) -> list[SafeString]:
        return self._state.frozen[: self._state.blocks]

    @property
    def tail(self) -> SafeString:
        return self._state.tail

    @property
    def tail_version(self) -> int:
        return self._state.version

    @property
    def suffix(self) -> str:
        """Plain text to be added at the deepest last text position of `tail`."""
        return self._state.suffix

    @property
    def html(self) -> SafeString:
        snapshot = self.snapshot()
        return joined((snapshot.done, snapshot.tail))

    @property
    def costly(self) -> bool:
        """Whether the next `advance` is work for a thread."""
        new = "".join(self._pending)
        size = self._tail_length + len(new)
        if size <= _COSTLY_CODE:
            return False
        if (self._next and self._next.fits(new)) or not self._is_due(len(new)):
            return False
        return self._has_code or len(new) > _COSTLY_CODE or size > _COSTLY_TAIL

    @property
    def costly_to_finish(self) -> bool:
        """Whether `finish` is work for a thread."""
        size = self._tail_length + sum(map(len, self._pending))
        return sum(map(len, self._parts)) > _COSTLY_TEXT or size > _COSTLY_CODE

    def interval(self) -> float:
        """Seconds to wait before the next `advance`: longer after a large tail was sent again."""
        seconds = self._resent / _RESENT_BYTES_PER_S
        return min(max(seconds, _INTERVAL_S), _LONGEST_INTERVAL_S)

    def cursor(self) -> Cursor:
        return self._state.cursor

    def since(self, cursor: Cursor | None, most: int = sys.maxsize) -> Patch:
        """What a reader at `cursor` misses, in steps of about `most` characters; everything, with
        `reset`, if it cannot be there."""
        return self._state.since(cursor, most)

    def snapshot(self) -> Snapshot:
        state = self._state
        done = joined(state.frozen[: state.blocks])
        return Snapshot(state.cursor, done, insert_text(state.tail, state.suffix))

    def append(self, delta: str) -> None:
        self._parts.append(delta)
        self._pending.append(delta)

    def advance(self) -> None:
        """Bring the HTML up to date with the text."""
        new = self._take_pending()
        if not new:
            return
        self._tail_parts.append(new)
        self._is_undecided = self._is_undecided or "\n" in new
        if self._next and self._next.fits(new):
            self._tail_length += len(new)
            self._resent = 0
            state = self._state
            more = self._next.take(new)
            suffix_sum = sum_of_text(more, state.suffix_sum)
            self._state = state._replace(
                suffix=state.suffix + more, suffix_sum=suffix_sum, length=self._taken
            )
            return
        is_due = self._is_due(len(new))
        self._tail_length += len(new)
        self._next = None
        if is_due:
            self._render()

    def finish(self) -> None:
        """Settle on the one-shot rendering, keeping all that is right already."""
        source = normalise(self.text)
        self._pending.clear()
        self._taken = len(self.text)
        state = self._state
        known = dict(zip(self._keys, state.frozen, strict=True))
        before, self._keys = self._keys, []
        self._craft.spent = (0, 0)
        self.parsed += len(source)
        html = [self._finished(block, known) for block in blocks(source)]
        if self._keys[: len(before)] != before:
            state = nothing(state.epoch + 1)._replace(version=state.version)
        for each in html[len(state.frozen) :]:
            add(each, state.frozen, state.sums)
        self._show_tail(state, joined(()))
        self._next = None
        self._craft.forget()
        self._tail_parts, self._tail_length = [], 0

    def _take_pending(self) -> str:
        taken = []
        while self._pending:
            taken.append(self._pending.popleft())
        new = taken[0] if len(taken) == 1 else "".join(taken)
        self._taken += len(new)
        if self._ends_with_cr and new:
            # The other half of a "\r\n" that was taken for a newline already.
            new = new.removeprefix("\n")
            self._ends_with_cr = False
        self._ends_with_cr = self._ends_with_cr or new.endswith("\r")
        return normalise(new)

    def _is_due(self, more: int) -> bool:
        length = self._tail_length + more
        if length <= _COSTLY_TAIL or isinstance(self._next, Fence):
            return True
        return length - self._rendered_length >= length * _GROWTH

    def _render(self) -> None:
        source = "".join(self._tail_parts)
        lines = decidable(source) if self._is_undecided else ""
        found = self._blocks(lines) if lines else []
        self._is_undecided = self._is_undecided and len(lines) < len(source)
        if len(found) > 1:
            source = source[self._freeze(found, source) :]
        if len(found) != 1 or len(lines) < len(source):
            found = self._blocks(source)
        self._tail_parts, self._tail_length = [source], len(source)
        self._rendered_length = len(source)
        self._show(source, found)

    def _finished(self, block: Block, known: Mapping[_Key, SafeString]) -> SafeString:
        key = (hash(block.html), self._craft.spent)
        self._keys.append(key)
        if key in known:
            skip(block.html, self._craft)
            return known[key]
        return dress(block, self._craft)

    def _freeze(self, found: list[Block], source: str) -> int:
        """Freeze all but the last block; where in `source` that one starts."""
        for block in found[:-1]:
            # Not seen before `_show` raises the count, together with the tail that follows.
            add(self._finished(block, {}), self._state.frozen, self._state.sums)
        self._craft.forget()
        offset = 0
        for _ in range(found[-1].start_line - 1):
            offset = source.index("\n", offset) + 1
        return offset

    def _show(self, source: str, found: list[Block]) -> None:
        spent = self._craft.spent
        parts = [dress(block, self._craft) for block in found[:-1]]
        is_open = not is_closed_fence(source)
        parts.extend(dress(block, self._craft, open_end=is_open) for block in found[-1:])
        self._craft.spent = spent
        tail = parts[0] if len(parts) == 1 else joined(parts)
        self._has_code = "<pre><code class" in "".join(block.html for block in found)
        self._next = _continuation(source, found, tail)
        self._resent = len(tail.encode())
        self._show_tail(self._state, tail)

    def _show_tail(self, state: Shown, tail: SafeString) -> None:
        """With all blocks that are finished by now."""
        tail_sum = sum_of_tail(tail)
        self._state = state._replace(
            blocks=len(state.frozen),
            tail=tail,
            tail_sum=tail_sum,
            version=state.version + 1,
            suffix="",
            suffix_sum=tail_sum,
            length=self._taken,
        )

    def _blocks(self, source: str) -> list[Block]:
        self.parsed += len(source)
        return blocks(source, open_end=True)


def _continuation(source: str, found: list[Block], tail: str) -> Continuation | None:
    if not found or found[-1].is_plain:
        return None
    if len(found) == 1 and (fence := Fence.after(source, found[0].html)):
        return fence
    return Prose.after(source, tail)
