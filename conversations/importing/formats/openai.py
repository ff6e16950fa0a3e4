"""The `messages` of a request, as many tools keep them: in an object, or a list by itself.

Nothing names such a conversation: an id, where there is one, may be the number of a line."""

from typing import Any

from conversations.importing import fields
from conversations.importing.tree import mended, system_prompt
from conversations.importing.values import Source, SourceMessage


def reads(entry: dict[str, Any]) -> bool:
    first = next(iter(fields.items(entry.get("messages"))), None)
    return is_message(first)


def is_message(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("role"), str)


def read(entry: dict[str, Any]) -> Source:
    rows: list[SourceMessage] = []
    for number, row in enumerate(entry["messages"]):
        rows.append(_message(number, fields.mapping(row), rows[-1].id if rows else ""))
    tree = mended(rows, joins=True)
    last = tree.messages[-1].id if tree.messages else ""
    return Source(
        key="",
        title=fields.text(entry.get("title")),
        messages=tree.messages,
        leaf=last,
        system_prompt=system_prompt(rows),
        created_at=fields.moment(entry.get("created_at") or entry.get("created")),
        left_out=tree.left_out,
    )


def _message(number: int, row: dict[str, Any], before: str) -> SourceMessage:
    content = row.get("content")
    parts = [fields.mapping(part) for part in fields.items(content)]
    text = "\n\n".join(filter(None, (fields.text(part.get("text")) for part in parts)))
    others = sum(not isinstance(part.get("text"), str) for part in parts)
    said = fields.text(content) or text
    role = fields.text(row.get("role"))
    is_call = role == "assistant" and not said and bool(row.get("tool_calls"))
    return SourceMessage(
        id=f"{number}",
        parent=before,
        role=role,
        text=said,
        reasoning=fields.text(row.get("reasoning_content") or row.get("reasoning")),
        model_name=fields.name(row.get("model")) if role == "assistant" else "",
        created_at=fields.moment(row.get("created_at")),
        is_hidden=is_call,
        attachments=others,
    )
