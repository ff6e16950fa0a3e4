"""Bytes of an event stream in, events out, wherever the network cut them."""

from dataclasses import dataclass

# An image in base64 comes as one line of some megabytes; what never ends is no line.
MOST_LINE_BYTES = 16 * 1024 * 1024
# Of one event: text that is set in lines, and never a whole answer.
MOST_DATA_LINES = 10_000

BOM = b"\xef\xbb\xbf"


class LineTooLong(Exception):
    """More than MOST_LINE_BYTES came without a line end, or without the end of an event."""


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """The `data` lines of an event, still apart, because some services put two objects in one.

    `name` is "error" for an `error:` field too; `is_bare` marks JSON that no field announced.
    """

    data: tuple[bytes, ...]
    name: str = ""
    is_bare: bool = False


class EventStream:
    """An incremental decoder; each byte is looked at a fixed number of times."""

    def __init__(self) -> None:
        self._tail: list[bytes] = []
        self._tail_size = 0
        self._ended_in_cr = False
        self._at_start = True
        self._name = ""
        self._data: list[bytes] = []

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        events: list[ServerSentEvent] = []
        for line in self._lines(data):
            if line.startswith(b"data:"):
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif line:
                self._take_field(line, events)
            else:
                self._dispatch(events)
        if len(self._data) > 1 and self._is_endless():
            self._data.clear()
            raise LineTooLong
        return events

    def close(self) -> list[ServerSentEvent]:
        """What was pending: services end without the blank line, or even without a line end."""
        return self.feed(b"\n\n")

    def _lines(self, data: bytes) -> list[bytes]:
        if self._ended_in_cr and data:
            self._ended_in_cr = False
            if data.startswith(b"\n"):
                data = data[1:]
        if b"\r" in data:
            self._ended_in_cr = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = data.split(b"\n")
        self._join_tail(lines)
        if self._at_start and lines:
            self._at_start = False
            lines[0] = lines[0].removeprefix(BOM)
        return lines

    def _join_tail(self, lines: list[bytes]) -> None:
        """Complete the first line with what was kept, and keep the last one, which is open."""
        rest = lines.pop()
        if lines and self._tail:
            lines[0] = b"".join(self._tail) + lines[0]
        if lines:
            self._tail.clear()
            self._tail_size = 0
        if rest:
            self._tail.append(rest)
            self._tail_size += len(rest)
        if self._tail_size > MOST_LINE_BYTES:
            self._tail.clear()
            raise LineTooLong

    def _is_endless(self) -> bool:
        return len(self._data) > MOST_DATA_LINES or sum(map(len, self._data)) > MOST_LINE_BYTES

    def _take_field(self, line: bytes, events: list[ServerSentEvent]) -> None:
        if line.startswith((b"{", b"[")):
            events.append(ServerSentEvent((line,), is_bare=True))
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._name = value.decode("utf-8", "replace")
        elif name == b"error":
            events.append(ServerSentEvent((value,), "error"))

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        if self._data:
            events.append(ServerSentEvent(tuple(self._data), self._name))
            self._data = []
        self._name = ""
