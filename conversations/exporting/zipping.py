"""Many documents in one archive, which is sent while it is made."""

import re
from collections.abc import Callable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile

from conversations.models import Conversation

_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|.]+')
_LONGEST = 60

Write = Callable[[Conversation], Iterator[str]]


def zipped(conversations: Iterator[Conversation], write: Write, ending: str) -> Iterator[bytes]:
    """A file for each, called by its day and title."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for conversation in conversations:
            with archive.open(f"{_name(conversation)}{ending}", "w") as member:
                for part in write(conversation):
                    member.write(part.encode())
                    yield sink.taken()
            yield sink.taken()
    yield sink.taken()


def file_name(title: str) -> str:
    """What every system takes as the name of a file."""
    return " ".join(_UNFIT.sub(" ", title).split())[:_LONGEST].strip() or "chat"


def _name(conversation: Conversation) -> str:
    day = f"{conversation.created_at:%Y-%m-%d}"
    return f"{day} {file_name(conversation.title)} {str(conversation.pk)[:8]}"


class _Sink:
    """Where the archive writes, and from where it is taken at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data
