"""The answer to a chat request, whichever way the service tells it, as events.

One mechanism for all: no service is known by its name. What is looked for, and in which order,
was taken from what services really send (fakeupstream/wire_cases.json).
"""

import json
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_noop as _

from providers.answer_body import MOST_COMPLAINT_BYTES, no_answer, too_much
from providers.chunk import ChunkReader
from providers.complaint import Complaint, complaint_in
from providers.errors import UpstreamError
from providers.events import Event, Finished
from providers.failure import broken, failure
from providers.sniffing import BodyKind, Sniffer
from providers.sse import EventStream, LineTooLong, ServerSentEvent
from providers.weight import MOST_WHOLE_BYTES, is_too_heavy

# Raw line ends in strings are not JSON, but what they mean is clear.
_JSON = json.JSONDecoder(strict=False)


class ChatDecoder:
    """Feed it the body, then close it. What came before an error stays told.

    `is_done` says that nothing more counts, `error` why the answer is none or not whole. The
    last event of an answer without an error is `Finished`.
    """

    def __init__(
        self, status: int = 200, headers: Mapping[str, str] | None = None, key: str = ""
    ) -> None:
        self.error: UpstreamError | None = None
        self.is_done = False
        self._is_closed = False
        self._status, self._headers, self._key = status, headers or {}, key
        self._sniffer = Sniffer()
        self._stream = EventStream()
        self._answer = ChunkReader()
        self._kept = bytearray()

    def feed(self, data: bytes) -> list[Event]:
        if self.is_done:
            return []
        if self._sniffer.kind is BodyKind.EVENTS and self._status < 400:
            return self._feed_stream(data)
        if self._sniffer.kind or self._status >= 400:
            self._keep(data)
            return []
        data = self._sniffer.feed(data)
        return self.feed(data) if data else []

    @property
    def kept(self) -> bytes:
        """Of a body that is no stream of events, what came of it: a refusal, as it was told."""
        return bytes(self._kept)

    @property
    def size(self) -> int:
        """How much there is to read at the end."""
        return len(self._kept)

    def close(self, cut: UpstreamError | None = None) -> list[Event]:
        """The end of the body, or the failure that ended it before; nothing the second time."""
        if self._is_closed:
            return []
        self._is_closed = True
        events: list[Event] = []
        if self.error:
            pass
        elif self._status >= 400:
            self._fail_with_body()
        elif self._sniffer.kind is BodyKind.EVENTS:
            events = self._take_all(self._stream.close())
        elif self._sniffer.kind is BodyKind.JSON:
            events = self._read_body()
        elif self._sniffer.kind is BodyKind.MARKUP:
            self._fail_with_body()
        events += self._end(cut)
        self.is_done = True
        return events

    def _keep(self, data: bytes) -> None:
        self._kept += data
        # Of a failure and of a page the beginning says enough.
        is_refusal = self._status >= 400 or self._sniffer.kind is BodyKind.MARKUP
        if is_refusal and len(self._kept) > MOST_COMPLAINT_BYTES:
            self.is_done = True
        elif len(self._kept) > MOST_WHOLE_BYTES:
            self._kept.clear()
            self._fail(broken(f"more than {MOST_WHOLE_BYTES} bytes", self._status))

    def _feed_stream(self, data: bytes) -> list[Event]:
        try:
            return self._take_all(self._stream.feed(data))
        except LineTooLong:
            self._fail(broken(_("a line without an end"), self._status))
            return []

    def _take_all(self, arrived: list[ServerSentEvent]) -> list[Event]:
        events: list[Event] = []
        for event in arrived:
            if self.is_done:
                break
            self._take(event, events)
        return events

    def _take(self, event: ServerSentEvent, events: list[Event]) -> None:
        """Several data lines are one text, unless only each of them alone makes sense."""
        data = b"\n".join(event.data)
        if is_too_heavy(data):
            self._fail(too_much(self._status))
            return
        text = data.decode("utf-8", "replace").strip()
        if not text:
            return
        value = _parse(text)
        if value is not None:
            self._take_value(value, event, events)
        elif text.startswith("[DONE]"):
            self.is_done = True
        elif len(event.data) > 1:
            pieces = [ServerSentEvent((line,), event.name) for line in event.data]
            events += self._take_all(pieces)
        elif event.name == "error" or text.startswith("error:"):
            self._complain(Complaint(text))

    def _take_value(self, value: object, event: ServerSentEvent, events: list[Event]) -> None:
        complaint = complaint_in(value)
        if complaint is None and event.name == "error":
            complaint = complaint_in({"error": value})
        if isinstance(value, dict):
            events += self._answer.read(value)
        if complaint:
            self._complain(complaint)

    def _read_body(self) -> list[Event]:
        """A body that is JSON: an answer that came whole although a stream was asked for."""
        events: list[Event] = []
        if is_too_heavy(self._kept):
            self._fail(too_much(self._status))
            return events
        for value in _values(self._kept.decode("utf-8-sig", "replace")):
            if complaint_in(value) or not isinstance(value, dict) or not value.get("choices"):
                break
            events += self._answer.read(value)
            self.is_done = True
        if not self.is_done:
            self._fail_with_body()
        return events

    def _end(self, cut: UpstreamError | None) -> list[Event]:
        events = self._answer.end()
        if self.error is None:
            said = self._answer.has_answered and self.is_done
            if said or self._answer.finish_reason:
                return [*events, Finished(self._answer.finish_reason)]
            self.error = cut or broken(_("the answer ended before its end"), self._status)
        return events

    def _complain(self, complaint: Complaint) -> None:
        self._fail(failure(complaint, self._status, self._headers, self._key))

    def _fail_with_body(self) -> None:
        self._fail(no_answer(self._status, self._headers, self.kept, self._key))

    def _fail(self, error: UpstreamError) -> None:
        self.error, self.is_done = error, True


def _parse(text: str) -> object:
    """The JSON value, or None where it is none."""
    try:
        return _JSON.decode(text)
    except (ValueError, RecursionError):
        return None


def _values(text: str) -> Iterator[object]:
    """The JSON values at the start of a text: some services end theirs with a stream's end."""
    text = text.lstrip()
    while text.startswith(("{", "[", '"')):
        try:
            value, end = _JSON.raw_decode(text)
        except (ValueError, RecursionError):
            return
        yield value
        text = text[end:].lstrip()
