"""When a chat has outgrown its tokens, and what a model is then asked."""

from dataclasses import replace
from uuid import UUID

import pytest

from conversations.aside.rolling import due, kept, messages_for, words_for
from conversations.counting import text_tokens
from conversations.transcript import Digest, Keep, Line, Mark, Policy


def path(turns: int, words: int = 20) -> list[Line]:
    """Messages of about so many tokens, each with its number in it."""
    roles = [("user", "question"), ("assistant", "answer")] * turns
    return [
        Line(role, f"{name} {n} " + "word " * words, UUID(int=n))  # type: ignore[arg-type]
        for n, (role, name) in enumerate(roles, 1)
    ]


def rolling(tokens: int, **fields: int) -> Policy:
    return Policy(Keep.SUMMARY, amount=tokens, **fields)


def places(lines: list[Line], policy: Policy, digest: Digest | None = None) -> list[int]:
    return [line.id.int for line in due("", lines, policy, digest) if line.id]


def test_nothing_is_due_while_all_fits() -> None:
    assert places(path(4), rolling(1000)) == []


def test_without_any_limit_nothing_ever_is() -> None:
    assert places(path(40), Policy()) == []


def test_the_older_half_is_due_once_the_next_question_would_push_something_out() -> None:
    found = places(path(6), rolling(400))
    assert found == list(range(1, len(found) + 1))
    assert 4 <= len(found) <= 8


def test_what_is_due_ends_with_an_answer() -> None:
    for tokens in range(200, 400, 15):
        assert len(places(path(6), rolling(tokens))) % 2 == 0


def test_it_goes_on_where_the_summary_before_ends() -> None:
    before = Digest("So far.", UUID(int=4))
    assert places(path(6), rolling(250), before)[0] == 5


def test_what_was_summarised_makes_room_for_some_turns() -> None:
    lines = path(6)
    [*_, last] = places(lines, rolling(400))
    assert places(path(7), rolling(400), Digest("So far.", UUID(int=last))) == []


def test_the_last_turn_is_left_as_it_is_while_it_fits() -> None:
    lines = [*path(3), *(replace(line, id=UUID(int=7 + n)) for n, line in enumerate(path(1, 100)))]
    assert places(lines, rolling(350))[-1] == 6


def test_of_very_much_the_first_part_is_due_first() -> None:
    found = due("", path(100), rolling(400), None, most_tokens=300)
    assert 8 <= len(found) <= 12


def test_one_that_is_too_long_alone_is_told_in_parts() -> None:
    [line, *_] = path(1, 9000)
    [_, asked] = messages_for([line], "", 100, most_tokens=500)
    assert "[…]" in asked.text
    assert len(asked.text) < 1200


def test_the_window_of_the_model_counts_as_well() -> None:
    assert places(path(20), rolling(100_000)) == []
    assert places(path(20), rolling(100_000, window=600)) != []


def test_a_model_is_told_the_summary_before_and_what_came_since() -> None:
    lines = path(1)
    [instructions, asked] = messages_for(lines, "Long ago.", 120)
    assert "no more than 120 words" in instructions.text
    assert asked.text.index("Long ago.") < asked.text.index("question 1")
    assert "Assistant:\nanswer 2" in asked.text


def test_what_is_excluded_is_not_told_and_what_is_pinned_is() -> None:
    [question, answer] = path(1)
    lines = [replace(question, mark=Mark.PINNED), replace(answer, mark=Mark.EXCLUDED)]
    [_, asked] = messages_for(lines, "", 100)
    assert "question 1" in asked.text
    assert "answer 2" not in asked.text


@pytest.mark.parametrize(("budget", "words"), [(100, 20), (2000, 250), (100_000, 500)])
def test_a_summary_is_a_small_part_of_the_tokens(budget: int, words: int) -> None:
    assert words_for(budget) == words


@pytest.mark.parametrize("text", ["word " * 900, "说了很多话。" * 900])
def test_a_model_that_says_too_much_is_cut(text: str) -> None:
    assert 90 < text_tokens(kept(text, 100)) <= 102
    assert kept(" Short. ", 100) == "Short."
