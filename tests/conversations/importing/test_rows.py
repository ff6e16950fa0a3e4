"""The rows that a conversation of a file becomes."""

from typing import Any

import pytest

from conversations.importing.rows import rows_of
from tests.conversations.importing.files import node, source

SAID = [("user", "hi"), ("assistant", "hello")]
NAMELESS: dict[str, dict[str, Any]] = {
    "chatsite": {"leaf": 1, "messages": [{"role": role, "text": text} for role, text in SAID]},
    "chatgpt": {
        "mapping": {
            "": {"parent": None, "message": node("user", "hi")},
            "a": {"parent": "", "message": node("assistant", "hello")},
        }
    },
    "chatgpt-nul": {"mapping": {"\0": {"parent": "\0", "message": node("user", "hi")}}},
    "openwebui": {
        "chat": {"history": {"messages": {"": {"role": "user"}, "\0": {"role": "user"}}}},
    },
    "librechat": {"messages": [{"messageId": "", "isCreatedByUser": True, "text": "hi"}] * 2},
    "openai": {"messages": [{"id": "", "role": role, "content": text} for role, text in SAID]},
}


@pytest.mark.parametrize("entry", NAMELESS.values(), ids=NAMELESS)
def test_a_message_without_an_id_never_follows_itself(entry: dict[str, Any]) -> None:
    rows = rows_of(1, source([entry])).messages
    assert [row for row in rows if row.parent_id == row.pk] == []
    assert len({row.pk for row in rows}) == len(rows)


def test_of_messages_without_ids_none_is_lost() -> None:
    rows = rows_of(1, source([NAMELESS["chatsite"]])).messages
    assert [(row.role, row.content) for row in rows] == SAID
