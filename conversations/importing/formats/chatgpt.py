"""conversations.json of ChatGPT's export: a `mapping` of nodes, each with its parent's id.

Between the messages that the service shows stand those that it does not: of tools, of the user's
own instructions, and steps in which the model calls a tool.
"""

from typing import Any

from conversations.importing import fields
from conversations.importing.tree import mended, system_prompt
from conversations.importing.values import Source, SourceMessage

_THOUGHTS = frozenset({"thoughts", "reasoning_recap"})
_UNSEEN = frozenset({"user_editable_context", "model_editable_context"})


def reads(entry: dict[str, Any]) -> bool:
    return isinstance(entry.get("mapping"), dict)


def read(entry: dict[str, Any]) -> Source:
    nodes = [_message(key, fields.mapping(node), entry) for key, node in entry["mapping"].items()]
    tree = mended(nodes, joins=True)
    leaf = tree.standing.get(fields.key(entry.get("current_node")), "")
    return Source(
        key=fields.key(entry.get("conversation_id") or entry.get("id")),
        title=fields.text(entry.get("title")),
        messages=tree.messages,
        leaf=leaf,
        system_prompt=system_prompt([m for m in nodes if not m.is_hidden]),
        created_at=fields.moment(entry.get("create_time")),
        updated_at=fields.moment(entry.get("update_time")),
        left_out=tree.left_out,
    )


def _message(key: str, node: dict[str, Any], entry: dict[str, Any]) -> SourceMessage:
    told = fields.mapping(node.get("message"))
    content, metadata = (fields.mapping(told.get(name)) for name in ("content", "metadata"))
    role = fields.text(fields.mapping(told.get("author")).get("role"))
    kind = fields.text(content.get("content_type"))
    is_thought = kind in _THOUGHTS
    return SourceMessage(
        id=fields.key(key),
        parent=fields.key(node.get("parent")),
        role=role,
        text="" if is_thought else _text(content),
        reasoning=_thoughts(content) if is_thought else "",
        model_name=_model(role, metadata, entry),
        created_at=fields.moment(told.get("create_time")),
        is_hidden=not told or kind in _UNSEEN or _is_unseen(role, told, metadata),
        attachments=_attachments(content),
    )


def _is_unseen(role: str, told: dict[str, Any], metadata: dict[str, Any]) -> bool:
    """What the service itself does not show: also what is said to a tool."""
    to_tool = role == "assistant" and fields.text(told.get("recipient")) not in ("", "all")
    return to_tool or metadata.get("is_visually_hidden_from_conversation") is True


def _model(role: str, metadata: dict[str, Any], entry: dict[str, Any]) -> str:
    if role != "assistant":
        return ""
    return fields.name(metadata.get("model_slug") or entry.get("default_model_slug"))


def _text(content: dict[str, Any]) -> str:
    parts = fields.items(content.get("parts"))
    said = [_part(part) for part in parts] or [fields.text(content.get("text"))]
    return "\n\n".join(filter(None, said))


def _part(part: object) -> str:
    """A text, or in talks what was heard."""
    return fields.text(part) or fields.text(fields.mapping(part).get("text"))


def _attachments(content: dict[str, Any]) -> int:
    parts = fields.items(content.get("parts"))
    return sum(isinstance(part, dict) and not part.get("text") for part in parts)


def _thoughts(content: dict[str, Any]) -> str:
    thoughts = map(fields.mapping, fields.items(content.get("thoughts")))
    said = [
        fields.text(each.get("content")) or fields.text(each.get("summary")) for each in thoughts
    ]
    return "\n\n".join(filter(None, said))
