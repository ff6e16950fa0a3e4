import json
import time

import pytest

from providers.complaint import MOST_TEXT, complaint_in
from providers.completion import collect
from providers.dialect import ChatDecoder
from providers.errors import ErrorKind, UpstreamError
from providers.events import Completion, Event, Finished, TextDelta

DONE = b"data: [DONE]\n\n"
# Far above what these take (under 0.3 s), far below what a pass over everything for each byte
# or piece takes (5 to 30 s).
MOST_S = 3


def said(**delta: object) -> bytes:
    """One event; half characters go as escapes, as services send them."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}).encode() + b"\n\n"


def decoded(
    body: bytes, size: int = 65536, status: int = 200
) -> tuple[Completion, UpstreamError | None]:
    decoder = ChatDecoder(status)
    events: list[Event] = []
    for start in range(0, len(body), size):
        events += decoder.feed(body[start : start + size])
    events += decoder.close()
    return collect(events), decoder.error


def test_a_delta_is_told_as_soon_as_its_event_is_there() -> None:
    decoder = ChatDecoder()
    assert decoder.feed(said(content="Hello")) == [TextDelta("Hello")]
    assert decoder.feed(said(content=" you")) == [TextDelta(" you")]


def test_nothing_counts_after_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.sse.MOST_LINE_BYTES", 1000)
    decoder = ChatDecoder()
    decoder.feed(said(content="Hello") + DONE)
    assert decoder.feed(said(content="more") + b"y" * 5000) == []
    assert (decoder.close(), decoder.error) == ([Finished(None)], None)


def test_an_error_keeps_what_came_before_it_and_nothing_after() -> None:
    error = b'data: {"error":{"message":"broke"}}\n\n'
    answer, told = decoded(said(content="half") + error + said(content="more") + DONE)
    assert answer.text == "half"
    assert told is not None
    assert told.detail == "broke"


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b": ping\n\n", DONE, said(role="assistant")], ids=repr
)
def test_an_answer_that_says_nothing_is_broken(body: bytes) -> None:
    told = decoded(body)[1]
    assert told is not None
    assert told.kind == ErrorKind.PROTOCOL


def test_what_is_no_object_is_skipped() -> None:
    decoder = ChatDecoder()
    events = decoder.feed(b"data: {half\n\ndata: 5\n\n" + said(content="x"))
    assert events == [TextDelta("x")]


def test_half_a_character_does_not_hold_back_the_line_end_after_it() -> None:
    assert ChatDecoder().feed(said(content="a\ud83d\n")) == [TextDelta("a\ufffd\n")]


@pytest.mark.parametrize("lead", ["", "<think>a"])
def test_no_blank_before_a_word_is_lost_however_many_there_are(lead: str) -> None:
    pieces = [lead, *[" "] * 1000, "x"]
    answer, _ = decoded(b"".join(said(content=piece) for piece in pieces) + DONE)
    assert (answer.text + answer.reasoning).removeprefix("a") == " " * 1000 + "x"


@pytest.mark.parametrize(
    "data",
    [
        b'{"choices":5}',
        b'{"choices":[5,null,{"delta":[],"message":3}]}',
        b'{"choices":[{"delta":{"content":{},"tool_calls":[5,{"function":[]}]}}]}',
        b'{"usage":[1],"x_groq":4,"choices":[{"usage":"many","finish_reason":{}}]}',
        b'{"usage":{"prompt_tokens":1e999,"completion_tokens_details":[]}}',
        b"[" * 100_000,
        b'{"n":' + b"9" * 10_000 + b"}",
        b"\xff\xfe",
    ],
    ids=lambda data: repr(data[:40]),
)
def test_strange_shapes_leave_the_answer_whole(data: bytes) -> None:
    body = said(content="o") + b"data: " + data + b"\n\n" + said(content="k") + DONE
    answer, told = decoded(body)
    assert (answer.text, told) == ("ok", None)


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (b"\n" * 100_000, 1),
        (b": x\n" * 20_000, 1),
        (said(content=" ") * 40_000, 65536),
        (said(content="<think>x") + said(content=" ") * 40_000, 65536),
        (b"".join(said(tool_calls=[{"index": n, "id": f"c{n}"}]) for n in range(20_000)), 65536),
    ],
    ids=["blanks", "comments", "blank-deltas", "blank-thoughts", "tool-calls"],
)
def test_a_stream_costs_no_more_than_its_length(body: bytes, size: int) -> None:
    started = time.process_time()
    decoded(body, size)
    assert time.process_time() - started < MOST_S


@pytest.mark.parametrize(
    "body",
    [b"event:" + b" " * 64_000 + b"x", b"<title>" * 9_000],
    ids=["blanks", "titles"],
)
def test_the_body_of_a_refusal_costs_no_more_than_its_length(body: bytes) -> None:
    started = time.process_time()
    decoded(body, status=500)
    assert time.process_time() - started < MOST_S


def test_of_an_endless_complaint_only_the_beginning_is_looked_at() -> None:
    told = complaint_in({"error": {"message": "m" * 1_000_000}})
    assert told is not None
    assert len(told.message) == MOST_TEXT
