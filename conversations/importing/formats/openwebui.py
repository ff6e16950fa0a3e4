"""Open WebUI's export: `chat.history.messages` by id, and of older versions `chat.messages`.

The text of an answer may hold what the page showed of its thoughts and tools as HTML; newer
versions have the same in `output`, piece by piece, which is then what counts.
"""

import re
from html import unescape
from typing import Any

from conversations.importing import fields
from conversations.importing.tree import mended, system_prompt
from conversations.importing.values import Ended, Source, SourceMessage

# Possessive, and no step over the next tag: each character is looked at a few times at the most,
# whatever the text is.
_DETAILS = re.compile(
    r'<details type="(reasoning|tool_calls|code_interpreter)"[^<>]*+>'
    r"((?:[^<]++|<(?!/?details\b))*+)</details>\s*+"
)
_SUMMARY = re.compile(r"<summary>[^<]*+</summary>")
_QUOTE = re.compile(r"^> ?", re.MULTILINE)


def reads(entry: dict[str, Any]) -> bool:
    return isinstance(entry.get("chat"), dict)


def read(entry: dict[str, Any]) -> Source:
    chat = entry["chat"]
    history = fields.mapping(chat.get("history"))
    by_id = fields.mapping(history.get("messages"))
    rows = [_message(key, fields.mapping(row)) for key, row in by_id.items()]
    rows = rows or _in_a_row(fields.items(chat.get("messages")))
    tree = mended(rows)
    last = tree.messages[-1].id if tree.messages else ""
    return Source(
        key=fields.key(entry.get("id") or chat.get("id")),
        title=fields.text(entry.get("title") or chat.get("title")),
        messages=tree.messages,
        leaf=tree.standing.get(fields.key(history.get("currentId")), last),
        system_prompt=_system(chat) or system_prompt(rows),
        created_at=fields.moment(entry.get("created_at") or chat.get("timestamp")),
        updated_at=fields.moment(entry.get("updated_at")),
        left_out=tree.left_out,
    )


def _system(chat: dict[str, Any]) -> str:
    return fields.text(chat.get("system") or fields.mapping(chat.get("params")).get("system"))


def _in_a_row(rows: list[Any]) -> list[SourceMessage]:
    """Each after the one before it."""
    found: list[SourceMessage] = []
    for number, row in enumerate(map(fields.mapping, rows)):
        before = found[-1].id if found else ""
        found.append(_message(f"{number}", {**row, "id": f"{number}", "parentId": before}))
    return found


def _message(key: str, row: dict[str, Any]) -> SourceMessage:
    text, reasoning = _said(row)
    files = fields.items(row.get("files"))
    return SourceMessage(
        id=fields.key(key),
        parent=fields.key(row.get("parentId")),
        role=fields.text(row.get("role")),
        text=text,
        reasoning=reasoning,
        model_name=fields.name(row.get("modelName") or row.get("model")),
        created_at=fields.moment(row.get("timestamp")),
        ended=Ended("interrupted") if row.get("done") is False else Ended(),
        attachments=len(files),
    )


def _said(row: dict[str, Any]) -> tuple[str, str]:
    """The text and the thoughts before it."""
    output = [fields.mapping(each) for each in fields.items(row.get("output"))]
    text = _of_output(output, "message")
    if text:
        return text, _of_output(output, "reasoning")
    content = fields.text(row.get("content"))
    if fields.text(row.get("role")) != "assistant":
        return content, ""
    thoughts = [found[2] for found in _DETAILS.finditer(content) if found[1] == "reasoning"]
    plain = (_QUOTE.sub("", unescape(_SUMMARY.sub("", each))).strip() for each in thoughts)
    return _DETAILS.sub("", content), "\n\n".join(plain)


def _of_output(output: list[dict[str, Any]], kind: str) -> str:
    parts = [
        fields.text(fields.mapping(part).get("text"))
        for each in output
        if each.get("type") == kind
        for part in fields.items(each.get("content"))
    ]
    return "\n\n".join(filter(None, parts))
