"""Where services put what they say, in a chunk or in a whole answer."""

from typing import Any

import pytest

from providers.chunk import ChunkReader
from providers.completion import collect
from providers.events import Completion, ImageDelta, ReasoningDelta, TextDelta

PICTURE = "data:image/png;base64,iVBORw0KGgo="


def read(**delta: Any) -> Completion:
    reader = ChunkReader()
    events = reader.read({"choices": [{"index": 0, "delta": delta}]})
    return collect(events + reader.end())


def picture(url: object) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def test_an_image_in_a_delta_is_told_whole() -> None:
    reader = ChunkReader()
    told = reader.read({"choices": [{"delta": {"content": "", "images": [picture(PICTURE)]}}]})
    assert told == [ImageDelta(PICTURE)]
    assert reader.has_answered


@pytest.mark.parametrize(
    "delta",
    [
        {"images": [picture(PICTURE)]},
        {"images": [{"type": "image_url", "image_url": PICTURE}]},
        {"images": [{"url": PICTURE}]},
        {"images": [PICTURE]},
        {"content": [picture(PICTURE)]},
    ],
    ids=["images", "bare", "url", "text", "part"],
)
@pytest.mark.parametrize("place", ["delta", "message"])
def test_an_image_is_found_wherever_it_stands(delta: dict[str, Any], place: str) -> None:
    events = ChunkReader().read({"choices": [{place: delta}]})
    assert collect(events).images == (PICTURE,)


@pytest.mark.parametrize(
    "url",
    [
        "/a.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        None,
        5,
        ["x"],
    ],
    ids=repr,
)
def test_what_leads_to_no_image_is_left_out(url: object) -> None:
    answer = read(content="text", images=[picture(url), 5, None, {"image_url": []}])
    assert (answer.text, answer.images) == ("text", ())


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/a.png", "data:image/svg+xml;base64,PHN2Zz4=", "data:,"],
)
def test_an_image_that_may_not_be_shown_is_told_all_the_same(url: str) -> None:
    assert read(images=[picture(url)]).images == (url,)


def test_an_image_as_bare_base64_becomes_a_data_url() -> None:
    assert read(images=[{"b64_json": "iVBO"}]).images == ("data:;base64,iVBO",)


def test_half_characters_in_the_place_of_an_image_go() -> None:
    assert read(images=[picture("https://a/\ud800")]).images == ("https://a/\ufffd",)


@pytest.mark.parametrize("kind", ["thinking", "reasoning"])
def test_a_part_that_is_a_thought_is_no_answer(kind: str) -> None:
    answer = read(content=[{"type": kind, "text": "why"}, {"type": "text", "text": "so"}])
    assert (answer.reasoning, answer.text) == ("why", "so")


def test_the_text_of_a_part_that_is_for_something_else_is_no_answer() -> None:
    assert read(content=[{"type": "tool_reference", "text": "x"}]).text == ""


def test_text_and_images_of_parts_keep_their_order() -> None:
    parts = [{"type": "text", "text": "see:"}, picture(PICTURE), {"type": "text", "text": "."}]
    events = ChunkReader().read({"choices": [{"delta": {"content": parts}}]})
    assert events == [TextDelta("see:"), ImageDelta(PICTURE), TextDelta(".")]


@pytest.mark.parametrize(
    "delta",
    [
        {"refusal": "I cannot."},
        {"content": None, "refusal": "I cannot."},
        {"content": "", "refusal": "I cannot."},
        {"content": [{"type": "refusal", "refusal": "I cannot."}]},
    ],
    ids=["alone", "null", "empty", "part"],
)
@pytest.mark.parametrize("place", ["delta", "message"])
def test_a_refusal_is_text(delta: dict[str, Any], place: str) -> None:
    events = ChunkReader().read({"choices": [{place: delta}]})
    assert collect(events).text == "I cannot."


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning_content": "why", "reasoning": "why"},
        {"reasoning_content": "", "reasoning": "why"},
        {"reasoning_content": None, "reasoning": "why"},
        {"reasoning_content": {"odd": 1}, "reasoning": "why"},
        {"reasoning": "why", "reasoning_details": [{"type": "reasoning.text", "text": "why"}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "why"}]}]},
    ],
    ids=["both", "empty", "null", "odd", "details", "parts"],
)
def test_reasoning_is_told_once_however_often_it_is_sent(delta: dict[str, Any]) -> None:
    reader = ChunkReader()
    events = reader.read({"choices": [{"delta": delta}]})
    assert events == [ReasoningDelta("why")]


def test_only_the_first_choice_is_the_answer() -> None:
    choices = [{"index": 1, "delta": {"content": "b"}}, {"index": 0, "delta": {"content": "a"}}]
    assert collect(ChunkReader().read({"choices": choices})).text == "a"


def test_a_reason_is_not_erased_by_a_later_null() -> None:
    reader = ChunkReader()
    for reason in ("stop", None, ""):
        reader.read({"choices": [{"delta": {}, "finish_reason": reason}]})
    assert reader.finish_reason == "stop"


def test_half_a_character_in_the_finish_reason_can_be_stored() -> None:
    reader = ChunkReader()
    reader.read({"choices": [{"delta": {}, "finish_reason": "st\ud800op"}]})
    assert (reader.finish_reason or "").encode()


def test_a_count_that_no_database_holds_is_no_count() -> None:
    reader = ChunkReader()
    events = reader.read({"choices": [], "usage": {"prompt_tokens": 2**52, "completion_tokens": 1}})
    assert [event.usage.prompt_tokens for event in events] == [None]  # type: ignore[union-attr]
