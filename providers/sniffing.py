"""What a body is, by its first bytes: services label a stream as JSON and an error as a stream."""

from enum import Enum, auto

from providers.sse import BOM

MOST_COMMENT_BYTES = 16 * 1024


class BodyKind(Enum):
    JSON = auto()
    MARKUP = auto()
    EVENTS = auto()


class Sniffer:
    """Takes bytes until the kind is clear. Blanks and comments may stand before any kind."""

    def __init__(self) -> None:
        self.kind: BodyKind | None = None
        self._seen = b""

    def feed(self, data: bytes) -> bytes:
        """The bytes to go on with, once the kind is known; until then none."""
        self._seen += data
        while self.kind is None:
            rest = self._seen.removeprefix(BOM).lstrip(b" \t\r\n")
            if not rest:
                # Kept, a service that sends blanks while it waits would be read again and again.
                self._seen = b""
                return b""
            if BOM.startswith(rest):
                return b""
            if not rest.startswith(b":") or len(rest) > MOST_COMMENT_BYTES:
                self.kind = _kind_of(rest)
            elif not self._skip_comment(rest):
                return b""
        return self._seen

    def _skip_comment(self, rest: bytes) -> bool:
        comment, end, _ = rest.replace(b"\r", b"\n").partition(b"\n")
        self._seen = rest[len(comment) :] if end else self._seen
        return bool(end)


def _kind_of(rest: bytes) -> BodyKind:
    if rest.startswith((b"{", b"[", b'"')):
        return BodyKind.JSON
    return BodyKind.MARKUP if rest.startswith(b"<") else BodyKind.EVENTS
