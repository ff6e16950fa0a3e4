"""Messages as a file has them -> a tree that can be stored, without going down into it: a
conversation of 100,000 turns is a tree of that depth."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from conversations.importing.values import Reason, SourceMessage

KEPT = frozenset({"user", "assistant"})
_SILENT = frozenset({"system", "developer"})


@dataclass(frozen=True, slots=True)
class Tree:
    """`messages` as the file had them, without what was left out: each parent is one of them or ''.
    `standing` tells for each id of the file which of them stands for it, '' for none."""

    messages: tuple[SourceMessage, ...]
    standing: Mapping[str, str]
    left_out: Mapping[Reason, int]


def mended(messages: Sequence[SourceMessage], *, joins: bool = False) -> Tree:
    """`joins` makes one text of an answer that came in several parts, one under the other.

    A message without an id gets one that no file can hold: '' would be the parent of itself, since
    it is that of every first one.
    """
    left_out: Counter[Reason] = Counter()
    by_id: dict[str, SourceMessage] = {}
    for number, told in enumerate(messages):
        message = told if told.id else replace(told, id=f"\0{number}")
        if message.id in by_id:
            left_out[Reason.DUPLICATE] += 1
        else:
            by_id[message.id] = message
            left_out[Reason.ATTACHMENT] += message.attachments
    _cut_loops(by_id, left_out)
    kept = {key for key, message in by_id.items() if _is_kept(message, left_out)}
    standing = _standing(by_id, kept)
    rows = [
        replace(by_id[key], parent=standing.get(by_id[key].parent, ""))
        for key in by_id
        if key in kept
    ]
    if joins:
        rows, standing = _joined(rows, standing)
    return Tree(tuple(rows), standing, +left_out)


def system_prompt(messages: Sequence[SourceMessage]) -> str:
    """What the model was told first, where that is among the messages."""
    told = (message.text for message in messages if message.role in _SILENT)
    return next(filter(str.strip, told), "")


def _is_kept(message: SourceMessage, left_out: Counter[Reason]) -> bool:
    if message.is_hidden or message.role in _SILENT:
        return False
    if message.role in KEPT:
        return True
    left_out[Reason.TOOL if message.role in ("tool", "function") else Reason.ROLE] += 1
    return False


def _cut_loops(by_id: dict[str, SourceMessage], left_out: Counter[Reason]) -> None:
    """Afterwards each parent is there, and every way up comes to an end."""
    done: set[str] = set()
    for start in list(by_id):
        way: set[str] = set()
        at = start
        while at and at not in done:
            way.add(at)
            parent = by_id[at].parent
            if parent in way or (parent and parent not in by_id):
                left_out[Reason.CYCLE if parent in way else Reason.LOST_PARENT] += 1
                by_id[at] = replace(by_id[at], parent="")
                break
            at = parent
        done |= way


def _standing(by_id: Mapping[str, SourceMessage], kept: set[str]) -> dict[str, str]:
    """For each id itself, or the next one above that is kept."""
    standing: dict[str, str] = {"": ""}
    for start in by_id:
        way, at = [], start
        while at not in standing and at not in kept:
            way.append(at)
            at = by_id[at].parent
        found = at if at in kept else standing[at]
        standing[at] = found
        standing.update(dict.fromkeys(way, found))
    return standing


def _joined(
    rows: Sequence[SourceMessage], standing: Mapping[str, str]
) -> tuple[list[SourceMessage], dict[str, str]]:
    """Part after part, from the first on: a part is the only thing under the one before it."""
    children: dict[str, list[SourceMessage]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    parts: dict[str, list[SourceMessage]] = {}
    first = {"": ""}
    ways = [*children.get("", ())][::-1]
    while ways:
        row = ways.pop()
        head = first[row.parent]
        is_part = (
            head
            and len(children[row.parent]) == 1
            and row.role == parts[head][0].role == "assistant"
        )
        first[row.id] = head if is_part else row.id
        parts.setdefault(first[row.id], []).append(row)
        ways += children.get(row.id, ())[::-1]
    whole = [
        replace(_one(parts[row.id]), parent=first[row.parent]) for row in rows if row.id in parts
    ]
    return whole, {key: first[stands] for key, stands in standing.items()}


def _one(parts: Sequence[SourceMessage]) -> SourceMessage:
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        text="\n\n".join(part.text for part in parts if part.text),
        reasoning="\n\n".join(part.reasoning for part in parts if part.reasoning),
        model_name=next((part.model_name for part in parts if part.model_name), ""),
        images=tuple(image for part in parts for image in part.images),
    )
