"""One answer while it is being written: its text, its HTML, and everyone who watches.

Readers hold a position (`Mark`), not a queue: whoever comes, however late, is given exactly what
lies between its position and now. A slow reader costs nothing, a new one gets the whole, and
nothing can be delivered twice.
"""

import asyncio
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from conversations.models import Message
from conversations.rendering.cursor import Cursor, Patch
from conversations.rendering.live import LiveDocument
from conversations.rendering.shown import sum_of
from providers.routing_events import Answered, Rerouted

# A cursor has nine digits for it.
LAST_EPOCH = 900_000_000


# Of HTML, and of the reasoning, in one update: what a page lacks after a while comes in steps.
STEP = 100_000
_MARK = re.compile(r"(.+)\.([0-9]{1,9})\.([0-9a-f]{1,8})\.([0-9a-f]{1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """A reader's position: in the HTML, in the characters of the reasoning, with the sum of those,
    and the sum of the last notice that it was told."""

    document: Cursor
    reasoning: int
    reasoning_sum: int = 0
    notice_sum: int = 0

    def __str__(self) -> str:
        return f"{self.document}.{self.reasoning}.{self.reasoning_sum:x}.{self.notice_sum:x}"

    @classmethod
    def parse(cls, text: str) -> "Mark | None":
        """None for anything that is not a mark, whoever sent it."""
        found = _MARK.fullmatch(text)
        cursor = Cursor.parse(found[1]) if found else None
        if not found or not cursor:
            return None
        return cls(cursor, int(found[2]), int(found[3], 16), int(found[4], 16))


# Of one answer; a service that sends more has lost its way.
MOST_PICTURES = 16
MOST_EPOCHS = 10**8

# What a reader is told while there is nothing to read yet.
Notice = Rerouted | Answered


@dataclass(frozen=True, slots=True)
class Update:
    """What a reader lacks, and where it stands once it has it.

    `stored` comes with the end: the answer as its row has it, or None if that is gone.
    """

    patch: Patch
    reasoning: str
    mark: Mark
    ended: bool
    notice: Notice | None = None
    stored: Message | None = None
    #: There is more already, and the next update has it.
    more: bool = False

    @property
    def is_empty(self) -> bool:
        is_same = self.patch.is_empty and not self.reasoning and not self.notice
        return is_same and not self.ended

    @property
    def size(self) -> int:
        """About how many characters its frame has."""
        patch = self.patch
        return len(patch.frozen) + len(patch.tail or "") + len(patch.text) + len(self.reasoning)


class Live:
    """Belongs to the event loop; only its document's rendering may be done in a thread."""

    def __init__(self, text: str = "", reasoning: str = "", *, is_copy: bool = False) -> None:
        """`text` and `reasoning` are what there was of an answer that is continued. A copy of what
        another process writes may be behind its readers."""
        # By it a reader is known to come from here; of any other the sums are looked at.
        self.document = _document(text, random.randrange(MOST_EPOCHS))  # noqa: S311 - no secret
        self.restarts = 0
        self.first_token_at: datetime | None = None
        #: When the text began that came after reasoning.
        self.thought_until: datetime | None = None
        self.ended = False
        self.unsaved = False
        self.notice: Notice | None = None
        self._notice_sum = 0
        self._is_copy = is_copy
        self._beginning = text
        self._reasoning = [reasoning]
        self._reasoning_length = len(reasoning)
        self._pictures: list[str] = []
        self._gap = "\n\n" if reasoning else ""
        # When the oldest chunk of the last painting came, on the loop's clock.
        self.painted_from = 0.0
        self._watchers: set[asyncio.Event] = set()

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def reasoning(self) -> str:
        self._reasoning = ["".join(self._reasoning)]
        return self._reasoning[0]

    @property
    def pictures(self) -> tuple[str, ...]:
        """They are shown with the end of the answer."""
        return tuple(self._pictures)

    @property
    def is_watched(self) -> bool:
        return bool(self._watchers)

    def write(self, text: str) -> None:
        if self.thought_until is None and self._reasoning_length and not self._beginning:
            self.thought_until = datetime.now(UTC)
        self.document.append(text)
        self._touch()

    def think(self, text: str) -> None:
        text, self._gap = self._gap + text, ""
        self._reasoning.append(text)
        self._reasoning_length += len(text)
        self._touch()

    def show(self, url: str) -> None:
        """An image, as `ImageDelta` has it. Some services send theirs with each chunk again, and
        of too many one is kept, to say so."""
        if url not in self._pictures and len(self._pictures) <= MOST_PICTURES:
            self._pictures.append(url)
            self._touch()

    def take_back(self) -> None:
        """What was written so far turns out to have been reasoning."""
        text = self.document.text[len(self._beginning) :]
        self._start_document_over(self._beginning)
        self.think(text)

    def start_over(self) -> None:
        """Nothing of what was written so far holds."""
        self._start_document_over()
        self._reasoning, self._reasoning_length = [], 0

    def notify(self, notice: Notice) -> None:
        self.notice, self._notice_sum = notice, sum_of(repr(notice))
        self.wake()

    def since(self, mark: Mark | None) -> Update:
        """What lies after `mark`, in steps; all of it for None and for a mark of which this does
        not know that it begins in the same way."""
        if mark and self._is_behind(mark):
            here = Patch(False, "", None, "", mark.document)
            return Update(here, "", mark, False)
        if mark and not self._has_reasoning(mark):
            mark = None
        patch = self.document.since(mark.document if mark else None, STEP)
        # A reset replaces what the page shows, the reasoning too: then it gets all of that.
        before = (mark.reasoning, mark.reasoning_sum) if mark and not patch.reset else (0, 0)
        reasoning, place = self._reasoning_after(*before)
        is_told = self.notice is None or (mark and mark.notice_sum == self._notice_sum)
        notice_sum = self._notice_sum or (mark.notice_sum if mark else 0)
        more = patch.more or place[0] < self._reasoning_length
        return Update(
            patch,
            reasoning,
            # The patch's own cursor: a thread may have published more HTML in the meantime.
            Mark(patch.cursor, *place, notice_sum),
            self.ended and not more,
            None if is_told else self.notice,
            more=more,
        )

    def _is_behind(self, mark: Mark) -> bool:
        """What a reader has seen at the process that writes is on its way here as well."""
        if not self._is_copy or self.ended or mark.document.epoch == self.document.epoch:
            return False
        seen = mark.document.length + mark.reasoning
        return seen > self.document.cursor().length + self._reasoning_length

    def _has_reasoning(self, mark: Mark) -> bool:
        if mark.reasoning > self._reasoning_length:
            return False
        if mark.document.epoch == self.document.epoch or not mark.reasoning:
            return True
        return sum_of(self.reasoning[: mark.reasoning]) == mark.reasoning_sum

    def _reasoning_after(self, start: int, before: int) -> tuple[str, tuple[int, int]]:
        """The next step of it, and what a mark says after that."""
        if start >= self._reasoning_length:
            return "", (start, before)
        reasoning = self.reasoning[start : start + STEP]
        return reasoning, (start + len(reasoning), sum_of(reasoning, before))

    def watch(self) -> asyncio.Event:
        """An event that is set at each change; give it back to `unwatch`."""
        event = asyncio.Event()
        self._watchers.add(event)
        return event

    def unwatch(self, event: asyncio.Event) -> None:
        self._watchers.discard(event)

    def wake(self) -> None:
        for event in self._watchers:
            event.set()

    def _start_document_over(self, text: str = "") -> None:
        self.thought_until = None
        self.document = _document(text, self.document.epoch + 1)
        self.restarts += 1

    def _touch(self) -> None:
        self.unsaved = True
        if self.first_token_at is None:
            self.first_token_at = datetime.now(UTC)


def _document(text: str, epoch: int) -> LiveDocument:
    document = LiveDocument(epoch)
    document.append(text)
    return document
