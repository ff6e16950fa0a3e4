"""Open WebUI's export."""

from typing import Any

import pytest

from conversations.importing.values import Reason
from tests.conversations.importing.files import said, source

DETAILS = (
    '<details type="reasoning" done="true" duration="3">\n'
    "<summary>Thought for 3 seconds</summary>\n&gt; 1 &lt; 2\n</details>\n"
)


def _chat(*rows: dict[str, Any], **history: Any) -> list[dict[str, Any]]:
    messages = {row["id"]: row for row in rows}
    chat = {"title": "inner", "history": {"messages": messages, **history}}
    return [{"id": "w-1", "title": "Outer", "created_at": 1700000000, "chat": chat}]


def _row(key: str, parent: str | None, role: str, content: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "parentId": parent, "role": role, "content": content, **fields}


def test_a_chat_comes_with_its_branches_and_the_one_in_view() -> None:
    rows = [_row("q", None, "user", "hello"), _row("a", "q", "assistant", "one", model="m")]
    found = source(_chat(*rows, _row("b", "q", "assistant", "two"), currentId="a"))
    assert (found.title, found.key, found.leaf) == ("Outer", "openwebui:w-1", "a")
    assert [message.parent for message in found.messages] == ["", "q", "q"]
    assert found.messages[1].model_name == "m"


def test_thoughts_that_stand_in_the_text_are_taken_out_of_it() -> None:
    found = source(_chat(_row("a", None, "assistant", f"{DETAILS}255")))
    assert (found.messages[0].text, found.messages[0].reasoning) == ("255", "1 < 2")


def test_what_newer_versions_tell_piece_by_piece_counts() -> None:
    output = [
        {"type": "reasoning", "content": [{"type": "output_text", "text": "hm"}]},
        {"type": "function_call", "name": "weather"},
        {"type": "message", "content": [{"type": "output_text", "text": "18 °C"}]},
    ]
    found = source(_chat(_row("a", None, "assistant", "as HTML", output=output)))
    assert (found.messages[0].text, found.messages[0].reasoning) == ("18 °C", "hm")


def test_an_answer_that_is_not_done_was_interrupted() -> None:
    found = source(_chat(_row("a", None, "assistant", "half", done=False)))
    assert found.messages[0].ended.state == "interrupted"


def test_a_question_of_html_stays_as_it_was_written() -> None:
    assert said(source(_chat(_row("q", None, "user", DETAILS)))) == [("user", DETAILS)]


def test_files_are_told_of() -> None:
    found = source(_chat(_row("q", None, "user", "see", files=[{"name": "a.pdf"}])))
    assert found.left_out == {Reason.ATTACHMENT: 1}


def test_an_older_export_has_its_messages_in_a_row() -> None:
    rows = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
    found = source([{"id": "w-2", "chat": {"title": "Old", "messages": rows}}])
    assert [message.parent for message in found.messages] == ["", "0"]


@pytest.mark.parametrize(
    "text",
    [
        '<details type="reasoning">' * 40_000,
        '<details type="reasoning" ' * 40_000,
        f'<details type="reasoning">{"<b>" * 330_000}',
        f"{DETAILS * 4000}{'</details>' * 50_000}",
    ],
    ids=["open", "half", "tags", "closed"],
)
def test_a_megabyte_of_tags_is_read_in_no_time(text: str) -> None:
    assert said(source(_chat(_row("a", None, "assistant", text))))[0][1] in text


def test_a_megabyte_of_space_around_a_summary_is_read_in_no_time() -> None:
    text = DETAILS.replace("<summary>", f"<summary>{' ' * 500_000}").replace("\n", "\n" * 100_000)
    found = source(_chat(_row("a", None, "assistant", f"{text}255")))
    assert (found.messages[0].text, found.messages[0].reasoning) == ("255", "1 < 2")
