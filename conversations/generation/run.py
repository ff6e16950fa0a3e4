"""A run in this process: its order, what it has written, its task, and why it should end."""

import asyncio
from dataclasses import replace
from datetime import datetime

from conversations.generation.live import Live
from conversations.generation.order import Order
from conversations.generation.painter import Painter
from conversations.generation.seam import Seam
from conversations.models import Message
from conversations.models.generation import State
from providers.adaptation import Adaptation
from providers.attempts import RoutesFailed
from providers.errors import ErrorKind, UpstreamError
from providers.events import (
    Finished,
    ImageDelta,
    Learnt,
    ReasoningDelta,
    TextDelta,
    TextWasReasoning,
    ToolCallDelta,
    Usage,
    UsageReported,
)
from providers.routing_events import Answered, Rerouted, RoutedEvent, Tried
from providers.toolcalls import ToolCall

# Of an answer, its reasoning included: several hundred thousand tokens. What goes on after that is
# a service that has lost its way, and would fill the memory.
MOST_CHARACTERS = 2_000_000
# Characters of blanks and half a tag that wait for what follows them.
MOST_HELD = 512
# Nobody can do so many things at once.
MOST_TOOL_CALLS = 256
# Of all images of an answer, as they come.
MOST_IMAGE_CHARACTERS = 16_000_000


class Run:
    def __init__(self, order: Order) -> None:
        self.order = order
        beginning = order.answer
        self.live = Live(beginning.content, beginning.reasoning)
        self.seam = Seam(beginning.content)
        self.painter = Painter(self.live)
        if beginning.content:
            self.painter.request()
        self.task: asyncio.Task[None] | None = None
        self.ending: State | None = None
        self.has_begun = False
        self.closing = False
        self.size = self.image_size = 0
        self.usage: Usage | None = None
        self.uncounted = 0
        self.is_finished = False
        self.finish_reason = ""
        self.error: UpstreamError | None = None
        # Which one answered, and which one was asked last as far as is known.
        self.route = self.asked = ""
        self.tried: list[Tried] = []
        self.learnt: list[Adaptation] = []
        self.tool_calls: dict[int, ToolCall] = {}
        # As it was stored, so that nobody who watches has to read it again.
        self.ended_answer: Message | None = None

    @property
    def is_lost(self) -> bool:
        """Whether it ended and its end was not stored: the row is another's, or nobody's."""
        return self.live.ended and self.ended_answer is None

    @property
    def ended_at(self) -> datetime | None:
        """As it was stored: by this a row tells whether another run has gone on since."""
        return self.ended_answer.generation.ended_at if self.ended_answer else None

    def take(self, event: RoutedEvent) -> None:
        """The only work that is done per chunk."""
        match event:
            case TextDelta(text):
                self._count(text)
                self._write(self.seam.feed(text))
            case ReasoningDelta(text):
                self._count(text)
                self.live.think(text)
                self.painter.request()
            case TextWasReasoning():
                self.live.take_back()
                self.painter.request()
            case ImageDelta(url):
                self._show(url)
            case UsageReported(usage):
                self.usage, self.uncounted = usage, 0
            case ToolCallDelta(index, id, name, arguments):
                self._count(id + name + arguments)
                call = self.tool_calls.setdefault(index, ToolCall())
                call.extend(id, name, arguments)
                if len(self.tool_calls) > MOST_TOOL_CALLS:
                    raise _too_long(f"more than {MOST_TOOL_CALLS} tool calls")
            case Finished(reason):
                self.finish_reason, self.is_finished = reason or "", True
            case Learnt(adaptation):
                self.learnt.append(adaptation)
            case Rerouted(route, kind, detail):
                self.tried.append(Tried(route, kind, detail, event.wrong_base))
                self.asked = event.next
                self.live.notify(event)
            case Answered(route):
                self.route = self.asked = route
                if self.tried:
                    self.live.notify(event)

    @property
    def counted(self) -> Usage | None:
        """What the service counted, without what it wrote if more came after that."""
        # Of an answer that is whole, what may become a tag was held back until its end.
        if self.usage is None or self.uncounted <= (MOST_HELD if self.is_finished else 0):
            return self.usage
        counts = {"completion_tokens": None, "total_tokens": None, "reasoning_tokens": None}
        return replace(self.usage, **counts)

    @property
    def received(self) -> int | None:
        """Bytes of text, reasoning and tool calls; None if nothing came."""
        answer, calls = self.order.answer, self.tool_calls.values()
        written = [self.live.text, self.live.reasoning]
        called = [text for call in calls for text in (call.name, call.arguments)]
        return _size(*written, *called) - _size(answer.content, answer.reasoning) or None

    def close_seam(self) -> None:
        """Nothing more comes: what was held back is text after all."""
        self._write(self.seam.rest())

    def _write(self, text: str) -> None:
        if text:
            self.live.write(text)
            self.painter.request()

    def _count(self, text: str) -> None:
        self.size += len(text)
        self.uncounted += len(text)
        if self.size > MOST_CHARACTERS:
            raise _too_long(f"more than {MOST_CHARACTERS} characters")

    def _show(self, url: str) -> None:
        if url not in self.live.pictures:
            self.image_size += len(url)
        if self.image_size > MOST_IMAGE_CHARACTERS:
            raise _too_long(f"images of more than {MOST_IMAGE_CHARACTERS} characters")
        self.live.show(url)

    def fail(self, error: UpstreamError) -> None:
        """Take the error that ended the run, and from it what was tried on the way."""
        self.error = error
        if isinstance(error, RoutesFailed):
            self.tried = list(error.tried)
            self.asked = error.tried[-1].route if error.tried else self.asked

    async def wait(self, seconds: float | None = None) -> None:
        """Until the answer has its end state, in the database too, or the time is up."""
        if self.task and not self.task.done():
            await asyncio.wait([self.task], timeout=seconds)

    def end(self, state: State) -> None:
        """Ask the run to end; the first reason counts, and none once it is being stored."""
        if self.ending is None and self.task and not self.closing:
            self.ending = state
            # A task that is cancelled before its first step never gets to store anything.
            if self.has_begun:
                self.task.cancel()


def _size(*texts: str) -> int:
    return sum(len(text.encode()) for text in texts)


def _too_long(detail: str) -> UpstreamError:
    return UpstreamError(ErrorKind.PROTOCOL, detail)
