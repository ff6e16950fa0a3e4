"""One answer while it is being written: its text, its HTML, and everyone who watches.

Readers hold a position (`Mark`), not a queue: whoever comes, however late, is given exactly what
lies between its position and now. A slow reader costs nothing, a new one gets the whole, and
nothing can be delivered twice.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime

from conversations.models import Message
from conversations.rendering.cursor import Cursor, Patch
from conversations.rendering.live import LiveDocument
from providers.routing_events import Answered, Rerouted

# A cursor has nine digits for it.
LAST_EPOCH = 900_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A reader's position: in the HTML, and in the characters of the reasoning."""

    document: Cursor
    reasoning: int

    def __str__(self) -> str:
        return f"{self.document}.{self.reasoning}"

    @classmethod
    def parse(cls, text: str) -> "Mark | None":
        """None for anything that is not a mark, whoever sent it."""
        document, dot, reasoning = text.rpartition(".")
        cursor = Cursor.parse(document) if dot else None
        if cursor is None or not (reasoning.isascii() and reasoning.isdigit()):
            return None
        return cls(cursor, int(reasoning[:9]))


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

    @property
    def is_empty(self) -> bool:
        is_same = self.patch.is_empty and not self.reasoning and not self.notice
        return is_same and not self.ended


class Live:
    """Belongs to the event loop; only its document's rendering may be done in a thread."""

    def __init__(self, text: str = "", reasoning: str = "") -> None:
        """`text` and `reasoning` are what there was of an answer that is continued."""
        # A mark from another process, or from a run before, must not look like one from here.
        self.document = _document(text, random.randrange(MOST_EPOCHS))  # noqa: S311 - no secret
        self.restarts = 0
        self.first_token_at: datetime | None = None
        self.ended = False
        self.unsaved = False
        self.notice: Notice | None = None
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
        self.notice = notice
        self.wake()

    def since(self, mark: Mark | None) -> Update:
        """What lies after `mark`; all of it for None and for a mark this run never gave out."""
        patch = self.document.since(mark.document if mark else None)
        # A reset replaces what the page shows, the reasoning too: then it gets all of that.
        is_known = mark and not patch.reset and mark.reasoning <= self._reasoning_length
        known = mark.reasoning if mark and is_known else 0
        reasoning = self.reasoning[known:] if known < self._reasoning_length else ""
        # The patch's own cursor: a thread may have published more HTML in the meantime.
        return Update(patch, reasoning, Mark(patch.cursor, self._reasoning_length), self.ended)

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
