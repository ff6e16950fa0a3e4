"""An answer put together, in linear time."""

import time

from providers.completion import collect
from providers.events import Event, ReasoningDelta, TextDelta, TextWasReasoning, ToolCallDelta


def test_pieces_of_one_call_are_one_call() -> None:
    pieces = [ToolCallDelta(0, "c1", "f", '{"a"'), ToolCallDelta(0, "", "", ":1}")]
    assert collect(pieces).tool_calls == (ToolCallDelta(0, "c1", "f", '{"a":1}'),)


def test_what_turns_out_to_be_reasoning_comes_behind_the_reasoning() -> None:
    events: list[Event] = [ReasoningDelta("a"), TextDelta("b"), TextWasReasoning(), TextDelta("c")]
    answer = collect(events)
    assert (answer.reasoning, answer.text) == ("ab", "c")


def test_a_call_in_very_many_pieces_is_joined_in_linear_time() -> None:
    # Copied with each piece, it would be 2,000 GB.
    piece = ToolCallDelta(0, "c", "f", "x" * 50)
    began = time.process_time()
    answer = collect([piece] * 300_000)
    assert time.process_time() - began < 5
    assert len(answer.tool_calls[0].arguments) == 15_000_000
