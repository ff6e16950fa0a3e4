"""Lists of messages as requests have them."""

import json

import pytest

from conversations.importing.values import Reason, Source
from tests.conversations.importing.files import openai, read, reasons, said, source


def test_a_list_of_messages_is_one_conversation() -> None:
    found = source([{"role": "system", "content": "be kind"}, *openai("q", "a")["messages"]])
    assert found.system_prompt == "be kind"
    assert said(found) == [("user", "q"), ("assistant", "a")]


def test_a_line_for_each_conversation() -> None:
    lines = "\n".join(json.dumps(openai(f"q{n}", "a")) for n in range(3))
    assert [said(each)[0][1] for each in read(lines) if isinstance(each, Source)] == [
        "q0",
        "q1",
        "q2",
    ]


def test_a_line_for_each_message_is_one_conversation() -> None:
    lines = "\n".join(map(json.dumps, openai("q", "a")["messages"]))
    assert said(source(lines)) == [("user", "q"), ("assistant", "a")]


def test_a_broken_line_takes_no_other_with_it() -> None:
    lines = [json.dumps(openai("q0")), '{"messages": [{"role": "us', json.dumps(openai("q2"))]
    assert len(read("\n".join(lines))) == 3
    assert reasons("\n".join(lines)) == [Reason.NOT_JSON]


def test_parts_of_text_are_joined_and_others_told_of() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
    found = source({"messages": [{"role": "user", "content": [{"text": "see"}, image]}]})
    assert said(found) == [("user", "see")]
    assert found.left_out == {Reason.ATTACHMENT: 1}


def test_calls_of_tools_are_left_out_and_the_answer_after_them_stays() -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}
    tool = {"role": "tool", "content": "18 °C"}
    rows = [{"role": "user", "content": "q"}, call, tool, {"role": "assistant", "content": "a"}]
    found = source({"messages": rows})
    assert said(found) == [("user", "q"), ("assistant", "a")]
    assert found.left_out == {Reason.TOOL: 1}


def test_what_it_says_is_its_name() -> None:
    assert source(openai("q", "a")).key == source(openai("q", "a")).key
    assert source(openai("q", "a")).key != source(openai("q", "b")).key


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n", "\n, ", " "])
def test_several_lists_of_messages_are_as_many_conversations(between: str) -> None:
    lists = [openai("q0", "a"), openai("q1"), openai("q2", "a", "b")]
    found = read(between.join(json.dumps(each["messages"]) for each in lists))
    assert [[text for _role, text in said(each)] for each in found if isinstance(each, Source)] == [
        ["q0", "a"],
        ["q1"],
        ["q2", "a", "b"],
    ]


def test_lists_of_one_message_each_are_as_many_conversations() -> None:
    lines = [json.dumps(openai(f"q{n}")["messages"]) for n in range(3)]
    assert len(read("\n".join(lines))) == 3


def test_a_broken_list_takes_no_other_with_it() -> None:
    lists = [json.dumps(openai(f"q{n}", "a")["messages"]) for n in range(3)]
    lists[1] = lists[1][:-9]
    assert len(read("\n".join(lists))) == 3
    assert reasons("\n".join(lists)) == [Reason.NOT_JSON]


def test_the_same_id_in_two_files_is_not_the_same_conversation() -> None:
    first, second = (source({"id": 1, **openai(text)}) for text in ("q", "another"))
    assert first.key != second.key
