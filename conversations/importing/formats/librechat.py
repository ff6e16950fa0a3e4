"""LibreChat's export of one conversation: `messages` in a list, each with its parent's id, or,
where it was exported "recursive", `messagesTree` with each message's replies inside it."""

from typing import Any

from conversations.importing import fields
from conversations.importing.tree import mended, system_prompt
from conversations.importing.values import Ended, Source, SourceMessage

_NO_PARENT = "00000000-0000-0000-0000-000000000000"


def reads(entry: dict[str, Any]) -> bool:
    if isinstance(entry.get("messagesTree"), list):
        return True
    first = fields.mapping(next(iter(fields.items(entry.get("messages"))), None))
    return "messageId" in first or "isCreatedByUser" in first or "sender" in first


def read(entry: dict[str, Any]) -> Source:
    rows = _rows(entry)
    tree = mended(rows)
    options = fields.mapping(entry.get("options"))
    prompt = options.get("system") or options.get("promptPrefix")
    times = [row.created_at for row in rows if row.created_at]
    return Source(
        key=fields.key(entry.get("conversationId")),
        title=fields.text(entry.get("title")),
        messages=tree.messages,
        leaf=tree.messages[-1].id if tree.messages else "",
        system_prompt=fields.text(prompt) or system_prompt(rows),
        created_at=min(times, default=None),
        updated_at=max(times, default=None),
        left_out=tree.left_out,
    )


def _rows(entry: dict[str, Any]) -> list[SourceMessage]:
    """Of a list as it stands, of a tree from the top, whatever its depth."""
    listed = fields.items(entry.get("messagesTree")) or fields.items(entry.get("messages"))
    ways = [(fields.mapping(row), "") for row in reversed(listed)]
    found: list[SourceMessage] = []
    while ways:
        row, above = ways.pop()
        message = _message(row, above, len(found), found[-1].id if found else "")
        found.append(message)
        under = fields.items(row.get("children"))
        ways += [(fields.mapping(reply), message.id) for reply in reversed(under)]
    return found


def _message(row: dict[str, Any], above: str, number: int, before: str) -> SourceMessage:
    """One without ids, as exports without branches have them, follows the one before it."""
    key, parent = fields.key(row.get("messageId")), fields.key(row.get("parentMessageId"))
    if not key:
        key, parent = f"#{number}", above or before
    is_user = row.get("isCreatedByUser")
    role = ("user" if is_user else "assistant") if isinstance(is_user, bool) else _role(row)
    parts = [fields.mapping(part) for part in fields.items(row.get("content"))]
    is_unfinished = row.get("unfinished") is True or row.get("error") is True
    return SourceMessage(
        id=key,
        parent=above or ("" if parent == _NO_PARENT else parent),
        role=role,
        text=_of(parts, "text", "error") or fields.text(row.get("text")),
        reasoning=_of(parts, "think"),
        model_name=_model(row) if role == "assistant" else "",
        created_at=fields.moment(row.get("createdAt")),
        ended=Ended("interrupted") if is_unfinished else Ended(),
        attachments=_attachments(row, parts),
    )


def _role(row: dict[str, Any]) -> str:
    sender = fields.text(row.get("sender"))
    return "user" if sender.lower() == "user" else "assistant" if sender else ""


def _model(row: dict[str, Any]) -> str:
    return fields.name(row.get("model")) or fields.name(row.get("sender"))


def _of(parts: list[dict[str, Any]], *kinds: str) -> str:
    """A part's text is under its kind, by itself or as a `value`."""
    said = []
    for part in parts:
        if part.get("type") in kinds:
            value = part.get("text") if part["type"] == "error" else part.get(part["type"])
            said.append(fields.text(value) or fields.text(fields.mapping(value).get("value")))
    return "\n\n".join(filter(None, said))


def _attachments(row: dict[str, Any], parts: list[dict[str, Any]]) -> int:
    images = sum(part.get("type") in ("image_file", "image_url") for part in parts)
    return images + sum(len(fields.items(row.get(name))) for name in ("files", "attachments"))
