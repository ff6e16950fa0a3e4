from uuid import uuid4

import pytest

from conversations.frames import update_frame
from conversations.generation.live import Live, Mark


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
    assert live.since(Mark.parse("0.0.0.0.999")).reasoning == "one"


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
    "text", ["", ".", "1.2.3", "a.b.c.d.e", "1.2.3.4.-5", "1.2.3.4.٣", "1.2.3.4.", "9" * 5000]
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
    assert update.patch.reset


def test_the_reasoning_before_such_text_is_kept() -> None:
    live = Live()
    live.think("FIRST ")
    live.write("second")
    live.document.advance()
    mark = live.since(None).mark
    live.take_back()
    frame = update_frame(1, uuid4(), live.since(mark), "en")
    assert '-reasoning-text\\" hx-swap=\\"innerHTML\\">FIRST second<' in frame
