from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.counting import LEAST, MOST
from conversations.transcript import (
    DIGEST_HEADING,
    Digest,
    Fate,
    Keep,
    Line,
    Mark,
    Policy,
    assemble,
)
from providers.messages import Message, Role

HISTORY = [Line("user", "one"), Line("assistant", "two"), Line("user", "and why?")]
LAST = Line("user", "now")
ROLES: tuple[tuple[Role, str], ...] = (("user", "q"), ("assistant", "a"))


def sent(path: list[Line], policy: Policy | None = None, system: str = "") -> list[str]:
    return [message.text for message in assemble(system, path, policy).messages]


def turns(count: int, **marks: Mark) -> list[Line]:
    """Questions q0, q1 … with their answers a0, a1 …, and a last question."""
    told = [
        Line(role, f"{letter}{n}", mark=marks.get(f"{letter}{n}", Mark.NONE))
        for n in range(count)
        for role, letter in ROLES
    ]
    return [*told, LAST]


def test_the_list_is_the_system_prompt_then_every_message_in_order() -> None:
    assert assemble("Be brief.", HISTORY).messages == (
        Message("system", "Be brief."),
        Message("user", "one"),
        Message("assistant", "two"),
        Message("user", "and why?"),
    )


def test_without_a_system_prompt_none_is_sent() -> None:
    assert assemble("", HISTORY).messages[0] == Message("user", "one")


def test_texts_are_sent_byte_for_byte() -> None:
    text = "  two\n\n\t  spaces \u202e 中文 🎉  \n"
    assert sent([Line("user", text)]) == [text]


def test_an_answer_without_a_word_is_left_out() -> None:
    lines = [Line("user", "a"), Line("assistant", ""), Line("user", "b")]
    assert [piece.fate for piece in assemble("", lines).pieces][1] == Fate.EMPTY
    assert sent(lines) == ["a", "b"]


def test_without_a_known_window_nothing_is_left_out() -> None:
    assert len(sent([Line("user", "x" * 4000)] * 99)) == 99


def test_the_oldest_turns_go_first_when_the_window_is_full() -> None:
    lines = [Line("user", "a" * 400), Line("assistant", "b" * 400), Line("user", "c")]
    assert sent(lines, Policy(window=200)) == ["c"]


def test_what_is_kept_begins_with_a_question() -> None:
    lines = [Line("user", "a" * 400), Line("assistant", "b"), Line("user", "c")]
    assert sent(lines, Policy(window=100)) == ["c"]


def test_a_chat_that_begins_with_an_answer_keeps_it_while_all_fits() -> None:
    assert sent([Line("assistant", "Hello."), LAST], Policy(window=1000)) == ["Hello.", "now"]


def test_the_system_prompt_survives_every_trim() -> None:
    lines = [Line("user", "a" * 4000), Line("assistant", "b"), Line("user", "c")]
    assert sent(lines, Policy(window=100), "Be brief.") == ["Be brief.", "c"]


def test_the_last_question_is_sent_though_it_alone_is_too_long() -> None:
    assert len(sent([Line("user", "a" * 4000)], Policy(window=100))) == 1


def test_the_last_turns_are_those_before_the_question() -> None:
    assert sent(turns(4), Policy(Keep.TURNS, 2)) == ["q2", "a2", "q3", "a3", "now"]


def test_more_turns_than_there_are_are_all() -> None:
    assert len(sent(turns(4), Policy(Keep.TURNS, 9))) == 9


def test_a_question_that_is_left_out_still_ends_its_turn() -> None:
    lines = turns(3, q2=Mark.EXCLUDED)
    assert sent(lines, Policy(Keep.TURNS, 2)) == ["q1", "a1", "a2", "now"]


def test_a_token_budget_keeps_the_newest_that_fits() -> None:
    assert sent(turns(4), Policy(Keep.TOKENS, 16)) == ["q3", "a3", "now"]


def test_the_smaller_of_budget_and_window_counts() -> None:
    assert Policy(Keep.TOKENS, 5000, window=4000).budget == 3000
    assert Policy(Keep.TOKENS, 500, window=4000).budget == 500


def test_what_is_pinned_stays_in_its_place() -> None:
    assert sent(turns(4, q0=Mark.PINNED), Policy(Keep.TURNS, 1)) == ["q0", "q3", "a3", "now"]


def test_what_is_kept_may_begin_with_a_pinned_question() -> None:
    assert sent(turns(4, q3=Mark.PINNED), Policy(Keep.TURNS, 1)) == ["q3", "a3", "now"]


def test_what_is_pinned_takes_from_the_budget() -> None:
    lines = turns(4, q0=Mark.PINNED, a0=Mark.PINNED)
    assert sent(lines, Policy(Keep.TOKENS, 20)) == ["q0", "a0", "now"]


def test_what_is_excluded_is_not_sent_and_takes_nothing() -> None:
    lines = turns(2, q0=Mark.EXCLUDED, a0=Mark.EXCLUDED)
    assert sent(lines) == ["q1", "a1", "now"]


def test_the_last_message_is_sent_whatever_its_mark() -> None:
    assert sent([Line("user", "now", mark=Mark.EXCLUDED)]) == ["now"]


def test_each_message_is_told_with_what_becomes_of_it() -> None:
    lines = turns(3, q0=Mark.PINNED, a2=Mark.EXCLUDED)
    fates = [piece.fate.value for piece in assemble("S", lines, Policy(Keep.TURNS, 1)).pieces]
    assert fates == ["sent", "pinned", "trimmed", "trimmed", "trimmed", "sent", "excluded", "sent"]


def test_a_service_that_counts_more_has_more_trimmed() -> None:
    lines, budget = turns(4), Policy(Keep.TOKENS, 30)
    assert len(sent(lines, replace(budget, factor=2.0))) < len(sent(lines, budget))


def test_the_sum_is_of_what_is_sent() -> None:
    lines = turns(4)
    one = assemble("", [LAST]).tokens
    assert assemble("", lines, Policy(Keep.TURNS, 1)).tokens == 3 * one


PATHS = st.lists(
    st.builds(
        Line,
        st.sampled_from(["user", "assistant"]),
        st.text(max_size=60),
        mark=st.sampled_from(Mark),
    ),
    max_size=12,
)
POLICIES = st.builds(
    Policy, st.sampled_from(Keep), st.integers(1, 400), st.none() | st.integers(1, 2000)
)


@given(PATHS, POLICIES, st.floats(LEAST, MOST))
def test_where_tokens_cannot_trim_no_correction_changes_what_is_sent(
    path: list[Line], policy: Policy, factor: float
) -> None:
    if not policy.may_trim_by_tokens("S", path):
        other = replace(policy, factor=factor)
        assert assemble("S", path, other).messages == assemble("S", path, policy).messages


@given(PATHS, POLICIES)
def test_whatever_is_trimmed_the_order_stays_and_marks_hold(
    path: list[Line], policy: Policy
) -> None:
    transcript = assemble("", [*path, LAST], policy)
    assert [piece.line for piece in transcript.pieces] == [*path, LAST]
    before = transcript.pieces[:-1]
    assert all(piece.is_sent for piece in before if piece.line.mark == "pinned" and piece.line.text)
    assert not any(piece.is_sent for piece in before if piece.line.mark == "excluded")


@pytest.mark.parametrize("window", [None, 0])
def test_a_window_of_nothing_is_an_unknown_one(window: int | None) -> None:
    assert len(sent(turns(4), Policy(window=window))) == 9


def told(count: int) -> list[Line]:
    """As `turns`, each with its id."""
    return [replace(line, id=UUID(int=n)) for n, line in enumerate(turns(count), 1)]


def fates(path: list[Line], policy: Policy, digest: Digest | None) -> str:
    """By their first letters, but for what comes before the path."""
    pieces = assemble("", path, policy, digest).pieces[-len(path) :]
    return "".join("S" if piece.fate == Fate.SUMMARISED else piece.fate[0] for piece in pieces)


ROLLING = Policy(Keep.SUMMARY, amount=1000)
UP_TO_A0 = Digest("They said q and a.", UUID(int=2))


def test_a_digest_stands_for_all_that_it_reaches_to() -> None:
    assert fates(told(2), ROLLING, UP_TO_A0) == "SSsss"
    assert [message.text for message in assemble("", told(2), ROLLING, UP_TO_A0).messages] == [
        f"{DIGEST_HEADING}\n\nThey said q and a.",
        *("q1", "a1", "now"),
    ]


def test_a_digest_comes_with_the_system_prompt_in_one_message() -> None:
    [first, second, *_] = assemble("Be brief.", told(2), ROLLING, UP_TO_A0).messages
    assert first.text.startswith("Be brief.\n\n")
    assert first.text.endswith("They said q and a.")
    assert second.role == "user"


def test_what_is_pinned_is_sent_all_the_same() -> None:
    path = told(2)
    path[0] = replace(path[0], mark=Mark.PINNED)
    assert fates(path, ROLLING, UP_TO_A0) == "pSsss"


def test_a_digest_takes_of_the_tokens() -> None:
    long = replace(UP_TO_A0, text="x" * 3000)
    assert fates(told(6), Policy(Keep.SUMMARY, amount=100), long)[2:] == "t" * 10 + "s"
    assert fates(told(6), Policy(Keep.SUMMARY, amount=100), UP_TO_A0).count("t") == 0


def test_a_digest_of_another_branch_stands_for_nothing() -> None:
    elsewhere = replace(UP_TO_A0, until=UUID(int=99))
    assert fates(told(2), ROLLING, elsewhere) == "sssss"


def test_what_is_between_the_digest_and_what_fits_is_trimmed() -> None:
    assert fates(told(4), Policy(Keep.SUMMARY, amount=50), UP_TO_A0) == "SSttttsss"
