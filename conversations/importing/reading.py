"""A file -> its conversations, one after the other, with a note about each that there is not.

No more than one conversation is in memory at a time, however large the file is.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain, groupby
from operator import attrgetter
from typing import IO, Any

from conversations.importing import archive, fields
from conversations.importing.encoding import decoded
from conversations.importing.formats import chatgpt, chatsite, librechat, openai, openwebui
from conversations.importing.head import is_own, version_of
from conversations.importing.pieces import LONGEST, Piece, pieces
from conversations.importing.values import Fault, Note, Reason, Source, UnreadableError

logger = logging.getLogger(__name__)

MOST_MESSAGES = 200_000
# Of one message, in characters.
LONGEST_TEXT = 1024 * 1024
# The first that reads an entry reads it.
FORMATS = (chatsite, chatgpt, openwebui, librechat, openai)

Entry = tuple[int, Source | Note]


def entries(file: IO[bytes], limit: int) -> Iterator[Entry]:
    """Each with its number in the file, from 1. `limit` in bytes is that of an upload. Raises
    UnreadableError, also after some of them."""
    head = file.read(4)
    file.seek(0)
    found = 0
    for found, entry in enumerate(_entries(file, head, limit), 1):
        yield found, _read(found, entry)
    if not found:
        raise UnreadableError(Fault.NOTHING)


def _entries(file: IO[bytes], head: bytes, limit: int) -> Iterator[Any]:
    if not archive.is_zip(head):
        yield from _of_text(file)
        return
    with archive.members(file, limit) as members:
        for member in members:
            yield from _of_text(member)


def _of_text(stream: IO[bytes]) -> Iterator[Any]:
    for _row, cut in groupby(pieces(decoded(stream)), key=attrgetter("row")):
        yield from _of_row(cut)


def _of_row(cut: Iterator[Piece]) -> Iterator[Any]:
    """Messages, in a list or one after the other, are one conversation."""
    first = next(cut)
    _check_head(first)
    value = _value(first)
    if openai.is_message(value):
        yield _conversation_of(value, cut)
    else:
        yield from chain([value], map(_value, cut))


def _check_head(piece: Piece) -> None:
    """Of an export of this site, whether it is one that this version knows."""
    if is_own(piece.head) and version_of(piece.head) != str(chatsite.VERSION):
        raise UnreadableError(Fault.NEWER)


def _conversation_of(first: Any, rest: Iterator[Piece]) -> Any:
    """All or none of it: no one can tell what stood where a message is broken."""
    messages, length = [first], 0
    for piece in rest:
        length += len(piece.text)
        value = _value(piece)
        if isinstance(value, Reason):
            return value
        if length > LONGEST:
            return Reason.TOO_LARGE
        messages.append(value)
    return {"messages": messages}


def _value(piece: Piece) -> Any:
    if piece.broken:
        return piece.broken
    try:
        return json.loads(piece.text)
    except RecursionError:
        return Reason.TOO_DEEP
    except ValueError:
        return Reason.NOT_JSON


def _read(number: int, entry: Any) -> Source | Note:
    if isinstance(entry, Reason):
        return Note(number, "", entry)
    known = fields.mapping(entry)
    title = fields.text(known.get("title"))[:80]
    try:
        source = _source(known)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # Formats change, and files are made by hand: what nobody foresaw costs one entry.
        logger.exception("entry %d of an import could not be read", number)
        source = None
    if source is None:
        return Note(number, title, Reason.UNKNOWN)
    if not source.messages:
        return Note(number, title, Reason.EMPTY)
    if len(source.messages) > MOST_MESSAGES:
        return Note(number, title, Reason.TOO_MANY)
    return _cut(source)


def _source(entry: dict[str, Any]) -> Source | None:
    for form in FORMATS:
        if form.reads(entry):
            source: Source = form.read(entry)
            name = form.__name__.rpartition(".")[2]
            return replace(source, key=f"{name}:{source.key or _digest(source)}")
    return None


def _digest(source: Source) -> str:
    """Of what it says, for a conversation that nothing names."""
    said = json.dumps([[each.role, each.text] for each in source.messages])
    return f"sha256-{sha256(said.encode()).hexdigest()}"


def _cut(source: Source) -> Source:
    """With texts no longer than pages can show."""
    long = [m for m in source.messages if max(len(m.text), len(m.reasoning)) > LONGEST_TEXT]
    if not long:
        return source
    messages = tuple(
        replace(m, text=m.text[:LONGEST_TEXT], reasoning=m.reasoning[:LONGEST_TEXT])
        for m in source.messages
    )
    left_out = {**source.left_out, Reason.TEXT_CUT: len(long)}
    return replace(source, messages=messages, left_out=left_out)
