from uuid import uuid4

import pytest

from conversations.frames import update_frame
from conversations.generation.live import STEP, Live, Mark
from providers.routing_events import Answered


def test_a_reader_gets_exactly_what_lies_after_its_mark() -> None:
    live = Live()
    live.think("one ")
    mark = live.since(None).mark
    live.think("two")
    assert live.since(mark).reasoning == "two"


def test_a_reader_without_a_mark_gets_the_whole() -> None:
    live = Live()
    live.think("one ")
    live.write("# Hi\n\nthere")
    live.document.advance()
    update = live.since(None)
    assert (update.reasoning, update.patch.reset) == ("one ", True)


def test_a_mark_from_the_future_gets_the_whole() -> None:
    live = Live()
    live.think("one")
    assert live.since(Mark.parse("0.0.0.0.0.0.0.999.0.0")).reasoning == "one"


def test_nothing_new_is_an_empty_update() -> None:
    live = Live()
    live.write("text")
    live.document.advance()
    assert live.since(live.since(None).mark).is_empty


def test_a_mark_survives_the_trip_to_the_page_and_back() -> None:
    live = Live()
    live.write("text")
    live.document.advance()
    mark = live.since(None).mark
    assert Mark.parse(str(mark)) == mark


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "1.2.3", "a.b.c.d.e.f.g.h.i.j", "1.2.3.4.5.6.7.-8.9.0", "1.2.3.4.5.6.7.٣.9.0"),
        *("1.2.3.4.5.6.7.8.9.", "1.2.3.4.5.6.7.8.9", "1.2.3.4.5.6.7.8.9.0.1", "9" * 5000),
    ],
)
def test_anything_else_is_no_mark(text: str) -> None:
    assert Mark.parse(text) is None


def test_text_that_was_reasoning_leaves_the_answer() -> None:
    live = Live()
    live.write("let me think")
    live.document.advance()
    mark = live.since(None).mark
    live.take_back()
    live.write("Four.")
    live.document.advance()
    update = live.since(mark)
    assert (update.reasoning, live.text) == ("let me think", "Four.")
    assert update.patch.tail == "<p>Four.</p>\n"


def test_the_reasoning_before_such_text_is_kept() -> None:
    live = Live()
    live.think("FIRST ")
    live.write("second")
    live.document.advance()
    mark = live.since(None).mark
    live.take_back()
    frame = update_frame(1, uuid4(), live.since(mark), "en")
    assert '-reasoning-text\\" hx-swap=\\"beforeend\\">second<' in frame
    assert '-tail\\" hx-swap=\\"innerHTML\\"><' in frame


def test_reasoning_that_is_another_after_all_is_replaced_and_not_added_to() -> None:
    live = Live()
    live.think("this way")
    mark = live.since(None).mark
    live.start_over()
    live.think("or that way")
    update = live.since(mark)
    assert (update.reasoning, update.patch.reset) == ("or that way", True)


def test_a_mark_of_another_process_holds() -> None:
    one, other = Live(), Live()
    for live in (one, other):
        live.think("so ")
        live.write("# Hi\n\nthere")
        live.document.advance()
    other.think("far")
    update = other.since(one.since(None).mark)
    assert (update.reasoning, update.patch.frozen, update.patch.tail) == ("far", "", None)


def test_a_copy_that_is_behind_its_reader_takes_nothing_away() -> None:
    writer, copy = Live(), Live(is_copy=True)
    for live, text in ((writer, "one two"), (copy, "one")):
        live.write(text)
        live.document.advance()
    mark = writer.since(None).mark
    assert copy.since(mark).is_empty
    copy.ended = True
    assert copy.since(mark).patch.tail == "<p>one</p>\n"


def test_what_a_reader_lacks_of_long_reasoning_comes_in_steps() -> None:
    live = Live()
    live.think("一" * (2 * STEP + 1))
    live.ended = True
    updates = [live.since(None)]
    while updates[-1].more:
        updates.append(live.since(updates[-1].mark))
    assert "".join(each.reasoning for each in updates) == live.reasoning
    assert [each.ended for each in updates] == [False, False, True]


def test_a_notice_is_told_to_each_reader_once() -> None:
    live = Live()
    live.notify(Answered("elsewhere"))
    first = live.since(None)
    assert first.notice == Answered("elsewhere")
    assert live.since(Mark.parse(str(first.mark))).is_empty
    live.notify(Answered("yet elsewhere"))
    assert live.since(first.mark).notice == Answered("yet elsewhere")


def test_the_thinking_ends_where_the_text_begins() -> None:
    live = Live()
    live.think("Let me see.")
    assert live.thought_until is None
    live.write("Four.")
    ended = live.thought_until
    live.think("or five?")
    live.write(" Five.")
    assert ended
    assert live.thought_until == ended


def test_text_that_was_reasoning_did_not_end_the_thinking() -> None:
    live = Live()
    live.think("first")
    live.write("second")
    live.take_back()
    assert live.thought_until is None


@pytest.mark.parametrize(("text", "reasoning"), [("begun", "thought"), ("", "")])
def test_text_alone_and_the_rest_of_one_end_no_thinking(text: str, reasoning: str) -> None:
    live = Live(text, reasoning)
    live.write("more")
    assert live.thought_until is None
