import time

import pytest

from providers.sse import MOST_LINE_BYTES, EventStream, LineTooLong, ServerSentEvent


def events_of(body: bytes, size: int | None = None) -> list[ServerSentEvent]:
    stream, size = EventStream(), size or len(body)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return [event for piece in pieces for event in stream.feed(piece)] + stream.close()


@pytest.mark.parametrize("size", [None, 1, 2, 3, 7])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
def test_every_line_end_counts_once_wherever_it_is_cut(end: bytes, size: int | None) -> None:
    body = end.join([b"data: a", b"data: b", b"", b": comment", b"data:c", b"", b""])
    assert events_of(body, size) == [ServerSentEvent((b"a", b"b")), ServerSentEvent((b"c",))]


@pytest.mark.parametrize("size", [None, 1])
def test_one_byte_order_mark_is_taken_off(size: int | None) -> None:
    assert events_of(b"\xef\xbb\xbfdata: a\n\n", size) == [ServerSentEvent((b"a",))]


def test_a_line_of_data_without_a_colon_is_an_empty_one() -> None:
    assert events_of(b"data\n\n") == [ServerSentEvent((b"",))]


def test_the_name_of_an_event_ends_with_it() -> None:
    events = events_of(b"event: error\ndata: a\n\ndata: b\n\n")
    assert [event.name for event in events] == ["error", ""]


def test_an_event_without_its_blank_line_is_told_at_the_end() -> None:
    assert events_of(b"data: [DONE]") == [ServerSentEvent((b"[DONE]",))]


def test_an_error_field_is_an_event_of_that_name() -> None:
    assert events_of(b'error: {"code": 500}\n') == [ServerSentEvent((b'{"code": 500}',), "error")]


def test_json_that_no_field_announced_is_an_event_all_the_same() -> None:
    assert events_of(b'{"error": 1}\n') == [ServerSentEvent((b'{"error": 1}',))]


@pytest.mark.parametrize("line", [b"Data: a", b" data: a", b"<b>x</b>", b"id: 7", b"foo"])
def test_other_lines_say_nothing(line: bytes) -> None:
    assert events_of(line + b"\n\n") == []


def test_separators_of_unicode_are_no_line_ends() -> None:
    data = "a\u2028b\u2029c\u0085d\x0b\x0c".encode()
    assert events_of(b"data: " + data + b"\n\n") == [ServerSentEvent((data,))]


def test_a_line_without_an_end_is_given_up() -> None:
    stream = EventStream()
    stream.feed(bytes(MOST_LINE_BYTES))
    with pytest.raises(LineTooLong):
        stream.feed(b"x")


def test_lines_of_one_event_are_bounded_together() -> None:
    stream = EventStream()
    stream.feed(b"data: " + bytes(MOST_LINE_BYTES // 2) + b"\n")
    with pytest.raises(LineTooLong):
        stream.feed(b"data: " + bytes(MOST_LINE_BYTES // 2))


def test_a_long_line_that_comes_byte_by_byte_is_read_in_linear_time() -> None:
    # Read again with each byte, it would be 125 GB.
    began = time.process_time()
    (event,) = events_of(b"data: " + b"x" * 500_000 + b"\n\n", size=1)
    assert len(event.data[0]) == 500_000
    assert time.process_time() - began < 5
