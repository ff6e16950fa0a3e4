import pytest

from providers.completion import collect
from providers.events import Event
from providers.thinking import ThinkTags


def told(*pieces: str) -> tuple[str, str]:
    """(reasoning, text)"""
    tags = ThinkTags()
    events: list[Event] = [event for piece in pieces for event in tags.split(piece)]
    answer = collect(events + tags.end())
    return answer.reasoning, answer.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<think>\nwhy\n</think>\n\nso", ("why", "so")),
        ("\n<think>why</think>so", ("why", "so")),
        ("why</think>\nso", ("why", "so")),
        ("<think>cut off", ("cut off", "")),
        ("<think></think>so", ("", "so")),
        ("write `<think>x</think>` so", ("", "write `<think>x</think>` so")),
        ("<think>a</think>b</think>c", ("a", "b</think>c")),
        ("a < b and <thin", ("", "a < b and <thin")),
        ("  plain", ("", "  plain")),
        ("<think>a </thi", ("a </thi", "")),
    ],
)
def test_thinking_is_told_apart_whole_and_letter_by_letter(
    text: str, expected: tuple[str, str]
) -> None:
    assert told(text) == expected
    assert told(*text) == expected


def test_tags_are_quoted_where_the_service_tells_its_reasoning_itself() -> None:
    tags = ThinkTags()
    tags.is_told_apart()
    assert collect(tags.split("end it with </think> now")).text == "end it with </think> now"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("</think>\n\nso", ("", "so")),
        ("<think>why</think>so", ("why", "so")),
        ("so it </think> ends", ("", "so it </think> ends")),
        ("<thin", ("", "<thin")),
    ],
)
def test_a_tag_at_the_very_beginning_counts_also_beside_a_field_for_reasoning(
    text: str, expected: tuple[str, str]
) -> None:
    for pieces in ((text,), tuple(text)):
        tags = ThinkTags()
        tags.is_told_apart()
        answer = collect([e for piece in pieces for e in tags.split(piece)] + tags.end())
        assert (answer.reasoning, answer.text) == expected
