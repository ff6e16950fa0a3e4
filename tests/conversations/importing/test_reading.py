"""Files that are not what they should be: what can be taken is, and the rest has its words."""

import io
import json
import zipfile
from typing import Any

import pytest

from conversations.importing import archive, pieces
from conversations.importing.values import Fault, Note, Reason, UnreadableError
from tests.conversations.importing.files import (
    chatgpt,
    node,
    openai,
    read,
    reasons,
    said,
    source,
    zipped,
)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.NOTHING),
        (b"hello there", Fault.NOT_JSON),
        (b"%PDF-1.7\n\x80\x81", Fault.ENCODING),
        (b"<html></html>", Fault.NOT_JSON),
        ("[1, 2, 3]", Fault.NOTHING),
        ("[]", Fault.NOTHING),
        ('"only a text"', Fault.NOT_JSON),
        ('[{"a": "Stra\u00dfe"}]'.encode("latin-1"), Fault.ENCODING),
        ('[{"a": "你好"}]'.encode("gbk"), Fault.ENCODING),
        ('{"format": "chatsite", "version": 9, "conversations": [{}]}', Fault.NEWER),
        (b"PK\x03\x04 and no more", Fault.ZIP_BROKEN),
        (zipped(chat_html="<html>"), Fault.ZIP_EMPTY),
    ],
)
def test_a_file_that_is_none_of_these_says_so(data: bytes | str, fault: Fault) -> None:
    with pytest.raises(UnreadableError) as raised:
        read(data)
    assert raised.value.fault == fault


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]
)
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    assert said(source(json.dumps(openai("你好"), ensure_ascii=False).encode(encoding))) == [
        ("user", "你好")
    ]


def test_half_characters_and_nul_never_reach_the_database() -> None:
    [(_role, text)] = said(source('{"messages":[{"role":"user","content":"a\\u0000b\\ud83d"}]}'))
    assert text == "ab\ufffd"


def test_a_circle_of_messages_is_cut_and_told_of() -> None:
    found = source(
        [chatgpt(node("user", "q", key="a", parent="b"), node("assistant", "x", key="b"))]
    )
    assert len(found.messages) == 2
    assert [message.parent for message in found.messages].count("") == 1
    assert found.left_out == {Reason.CYCLE: 1}


def test_a_message_after_itself_is_the_first() -> None:
    found = source([chatgpt(node("user", "q", key="a", parent="a"))])
    assert [message.parent for message in found.messages] == [""]


def test_one_that_follows_nobody_begins_a_branch() -> None:
    found = source([chatgpt(node("user", "q"), node("user", "lost", parent="gone"))])
    assert [message.parent for message in found.messages] == ["", ""]
    assert found.left_out == {Reason.LOST_PARENT: 1}


def test_an_id_that_comes_twice_counts_once() -> None:
    row = {"messageId": "m", "isCreatedByUser": True, "text": "q"}
    found = source({"conversationId": "c", "messages": [row, {**row, "text": "again"}]})
    assert said(found) == [("user", "q")]
    assert found.left_out == {Reason.DUPLICATE: 1}


def test_unknown_roles_are_left_out_and_told_of() -> None:
    found = source([chatgpt(node("wizard", "abra"), node("user", "q"))])
    assert said(found) == [("user", "q")]
    assert found.left_out == {Reason.ROLE: 1}


def test_a_hundred_thousand_messages_in_one_row_need_no_depth() -> None:
    turns = [node("user" if n % 2 == 0 else "assistant", f"m{n}") for n in range(100_000)]
    found = source([chatgpt(*turns)])
    assert len(found.messages) == 100_000
    assert found.messages[-1].parent == found.messages[-2].id


def test_brackets_a_hundred_thousand_deep_are_one_line() -> None:
    assert reasons(f"[{'[' * 100_000}{']' * 100_000}]") == [Reason.TOO_DEEP]


def test_a_conversation_that_is_too_large_is_passed_over_and_the_next_one_read() -> None:
    many = json.dumps([openai("x" * 500), openai("small")])
    found = list(pieces.pieces(iter([many]), longest=200))
    assert [piece.broken for piece in found] == [Reason.TOO_LARGE, None]


def test_a_file_that_ends_in_the_middle_keeps_what_was_whole() -> None:
    whole = json.dumps([chatgpt(node("user", "one")), chatgpt(node("user", "two"))])
    found = read(whole[:-30])
    assert isinstance(found[-1], Note)
    assert (len(found), found[-1].reason) == (2, Reason.TRUNCATED)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_where_the_parts_are_cut_makes_no_difference(size: int) -> None:
    text = json.dumps([openai('quote " and \\ and ]}', "a"), openai("日本\\")])
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    assert [json.loads(piece.text) for piece in pieces.pieces(iter(parts))] == json.loads(text)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            {"mapping": {"a": None, "b": 7, "c": {"message": {"author": "me", "content": []}}}},
            Reason.EMPTY,
        ),
        ({"mapping": {"a": {"parent": ["x"], "message": {"create_time": 1e400}}}}, Reason.EMPTY),
        ({"chat": {"history": {"messages": {"a": "text"}, "currentId": {}}}}, Reason.EMPTY),
        ({"chat": {"messages": {"a": 1}}}, Reason.EMPTY),
        ({"chat": {"params": [], "messages": [{"content": {}, "role": 1}]}}, Reason.EMPTY),
        ({"messages": [{"messageId": {}, "content": {"type": 1}, "text": 7}]}, Reason.EMPTY),
        ({"leaf": {}, "messages": [{"number": [1], "answer": [], "images": {}}]}, Reason.EMPTY),
        ({"leaf": 1, "messages": "none"}, Reason.UNKNOWN),
        ({"title": 7}, Reason.UNKNOWN),
    ],
)
def test_fields_of_the_wrong_kind_are_never_an_error(
    entry: dict[str, Any], reason: Reason, caplog: pytest.LogCaptureFixture
) -> None:
    assert reasons([entry]) == [reason]
    assert caplog.records == []


def test_beside_fields_of_the_wrong_kind_the_others_are_taken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = [{"role": "user", "content": {"a": 1}}, "text", None, {"role": ["user"]}]
    found = source([{"messages": [*rows, {"role": "assistant", "content": "a", "model": 7}]}])
    assert said(found) == [("user", ""), ("assistant", "a")]
    assert found.left_out == {Reason.ROLE: 3}
    assert caplog.records == []


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(UnreadableError) as raised:
        read(zipped(conversations_json=b"[" + b" " * 60 * 1024 * 1024 + b"]"))
    assert raised.value.fault == Fault.ZIP_BOMB


def test_a_list_of_countless_files_is_not_even_read() -> None:
    many = bytearray(zipped(conversations_json=[openai("q")]))
    end = many.rfind(b"PK\x05\x06")
    many[end + 10 : end + 12] = (archive.MOST_FILES + 1).to_bytes(2, "little")
    with pytest.raises(UnreadableError) as raised:
        read(bytes(many))
    assert raised.value.fault == Fault.ZIP_BOMB


def test_a_locked_archive_says_so() -> None:
    locked = bytearray(zipped(conversations_json=[openai("q")]))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(sign) + place] |= 1
    with pytest.raises(UnreadableError) as raised:
        read(bytes(locked))
    assert raised.value.fault == Fault.ZIP_LOCKED


def test_a_damaged_archive_says_so() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("conversations.json", json.dumps([openai("q" * 1000)]))
    damaged = buffer.getvalue().replace(b"qqqq", b"zzzz", 1)
    with pytest.raises(UnreadableError) as raised:
        read(damaged)
    assert raised.value.fault == Fault.ZIP_BROKEN


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_a_bound_is_not_begun(method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        made.writestr("conversations.json", b"[" + b" " * 20 * 1024 * 1024 + b"]")
    with pytest.raises(UnreadableError) as raised:
        read(buffer.getvalue())
    assert raised.value.fault == Fault.ZIP_METHOD


def _own(version: int = 1, **account: Any) -> str:
    """Made by this site, with one conversation."""
    row = {"number": 1, "role": "user", "text": "q"}
    about = {"format": "chatsite", "version": version, "account": account}
    return json.dumps({**about, "conversations": [{"id": "a", "leaf": 1, "messages": [row]}]})


def test_however_much_an_account_holds_its_conversations_come_in() -> None:
    drafts = [{"text": "a draft, [in brackets] " * 40} for _ in range(300)]
    assert said(source(_own(drafts=drafts))) == [("user", "q")]


def test_a_newer_version_is_told_whatever_the_account_holds() -> None:
    with pytest.raises(UnreadableError) as raised:
        read(_own(version=2, drafts=["x" * 100_000]))
    assert raised.value.fault == Fault.NEWER


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_where_the_parts_of_a_head_are_cut_makes_no_difference(size: int) -> None:
    text = "{\n" + _own(drafts=["x" * 2000], version=3)[1:]
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    [piece] = pieces.pieces(iter(parts))
    assert (json.loads(piece.text)["id"], piece.head) == ("a", text[:1024])


@pytest.mark.parametrize(("form", "broken"), [("chatsite", None), ("other", Reason.TOO_LARGE)])
def test_what_this_site_wrote_may_be_larger_for_its_images(
    form: str, broken: Reason | None
) -> None:
    told = {"format": form, "version": 1, "conversations": [{"images": "x" * 300}]}
    [piece] = pieces.pieces(iter(["{\n" + json.dumps(told)[1:]]), longest=200)
    assert piece.broken is broken


@pytest.mark.parametrize("size", [10, 150, 10_000])
def test_a_line_that_is_too_long_is_told_once_and_the_next_ones_are_read(size: int) -> None:
    lines = [openai("one"), openai("x" * 1000), openai("y" * 1000), openai("two"), openai("three")]
    text = "\n".join(map(json.dumps, lines))
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    found = [piece.broken for piece in pieces.pieces(iter(parts), longest=200)]
    assert found == [None, Reason.TOO_LARGE, Reason.TOO_LARGE, None, None]
