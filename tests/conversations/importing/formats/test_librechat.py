"""LibreChat's export of one conversation."""

from typing import Any

from conversations.importing.values import Reason
from tests.conversations.importing.files import said, source

NONE = "00000000-0000-0000-0000-000000000000"


def _row(key: str, parent: str, is_user: bool, text: str, **fields: Any) -> dict[str, Any]:
    ids = {"messageId": key, "parentMessageId": parent, "isCreatedByUser": is_user}
    return {**ids, "sender": "User" if is_user else "GPT", "text": text, **fields}


def _chat(*rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"conversationId": "l-1", "title": "A talk", "messages": list(rows), **fields}


def test_a_chat_comes_with_its_branches() -> None:
    rows = [_row("q", NONE, True, "hello"), _row("a", "q", False, "one", model="gpt-4o")]
    found = source(_chat(*rows, _row("b", "q", False, "two")))
    assert (found.title, found.key) == ("A talk", "librechat:l-1")
    assert [message.parent for message in found.messages] == ["", "q", "q"]
    assert [message.model_name for message in found.messages] == ["", "gpt-4o", "GPT"]


def test_a_recursive_export_is_the_same() -> None:
    tree = _row("q", NONE, True, "hello", children=[_row("a", "q", False, "hi", children=[])])
    exported = {"conversationId": "l-1", "recursive": True, "messagesTree": [tree]}
    assert said(source(exported)) == [("user", "hello"), ("assistant", "hi")]


def test_parts_of_an_answer_are_its_text_and_its_thoughts() -> None:
    parts = [
        {"type": "think", "think": "hm"},
        {"type": "text", "text": {"value": "yes"}},
        {"type": "tool_call", "tool_call": {"name": "search"}},
    ]
    answer = source(_chat(_row("a", NONE, False, "", content=parts))).messages[0]
    assert (answer.text, answer.reasoning) == ("yes", "hm")


def test_without_ids_each_follows_the_one_before() -> None:
    rows = [{"sender": "User", "text": "q"}, {"sender": "Bot", "text": "a"}]
    found = source(_chat(*rows))
    assert [message.parent for message in found.messages] == ["", "#0"]
    assert [message.role for message in found.messages] == ["user", "assistant"]


def test_what_broke_off_was_interrupted_and_files_are_told_of() -> None:
    row = _row("a", NONE, False, "half", unfinished=True, files=[{}])
    found = source(_chat(row))
    assert found.messages[0].ended.state == "interrupted"
    assert found.left_out == {Reason.ATTACHMENT: 1}


def test_the_options_hold_the_system_prompt() -> None:
    found = source(_chat(_row("q", NONE, True, "q"), options={"promptPrefix": "be kind"}))
    assert found.system_prompt == "be kind"
