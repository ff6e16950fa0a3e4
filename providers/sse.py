"""Bytes of an event stream in, events out, wherever the network cut them."""

from dataclasses import dataclass

# An image in base64 comes as one line of some megabytes; what never ends is no line. While one is
# read it is in memory three times, and all of that is what a service may take.
MOST_LINE_BYTES = 10 * 1024 * 1024
# Of one event: text that is set in lines, and never a whole answer.
MOST_DATA_LINES = 10_000

BOM = b"\xef\xbb\xbf"


class LineTooLong(Exception):
    """More than MOST_LINE_BYTES came without a line end, or without the end of an event."""


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """The `data` lines of an event, still apart, because some services put two objects in one.

    `name` is "error" for an `error:` field too. JSON that no field announced is an event as well.
    """

    data: tuple[bytes, ...]
    name: str = ""


class EventStream:
    """An incremental decoder; each byte is looked at a fixed number of times."""

    def __init__(self) -> None:
        self._tail = bytearray()
        self._ended_in_cr = False
        self._at_start = True
        self._name = ""
        self._data: list[bytes] = []
        self._data_size = 0

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        events: list[ServerSentEvent] = []
        for line in self._lines(data):
            if line.startswith(b"data:"):
                self._keep(line[6:] if line[5:6] == b" " else line[5:])
            elif line:
                self._take_field(line, events)
            else:
                self._dispatch(events)
        if self._is_endless():
            self._data, self._tail = [], bytearray()
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
            self._tail += lines[0]
            lines[0] = bytes(self._tail)
            self._tail = bytearray()
        self._tail += rest

    def _is_endless(self) -> bool:
        size = self._data_size + len(self._tail)
        return len(self._data) > MOST_DATA_LINES or size > MOST_LINE_BYTES

    def _keep(self, line: bytes) -> None:
        self._data.append(line)
        self._data_size += len(line)

    def _take_field(self, line: bytes, events: list[ServerSentEvent]) -> None:
        if line.startswith((b"{", b"[")):
            events.append(ServerSentEvent((line,)))
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._keep(value)
        elif name == b"event":
            self._name = value.decode("utf-8", "replace")
        elif name == b"error":
            events.append(ServerSentEvent((value,), "error"))

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        if self._data:
            events.append(ServerSentEvent(tuple(self._data), self._name))
            self._data, self._data_size = [], 0
        self._name = ""
