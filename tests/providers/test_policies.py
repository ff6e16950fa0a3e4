"""The policies by which answers are normalised, one after the other: what is text, what is
reasoning, what ends an answer, what is an error and of which kind."""

import json
from typing import Any

import pytest

from providers.completion import collect
from providers.dialect import ChatDecoder
from providers.errors import ErrorKind, UpstreamError
from providers.events import Completion, Usage
from providers.failure import failure_of_body

DONE = "data: [DONE]\n\n"
Answer = tuple[Completion, UpstreamError | None]


def event(value: object) -> str:
    return f"data: {json.dumps(value)}\n\n"


def said(*, finish: str | None = None, index: int = 0, **delta: object) -> str:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return event({"choices": [choice]})


def decoded(body: str, status: int = 200) -> Answer:
    decoder = ChatDecoder(status)
    events = decoder.feed(body.encode()) + decoder.close()
    return collect(events), decoder.error


def refused(body: object, status: int = 400) -> UpstreamError:
    text = body if isinstance(body, str) else json.dumps(body)
    return failure_of_body(status, {}, text.encode())


def broken(body: str, status: int = 200) -> UpstreamError:
    error = decoded(body, status)[1]
    assert error is not None
    return error


# Text and reasoning


def test_text_is_that_of_the_first_choice() -> None:
    body = said(content="a") + said(content="b", index=1) + said(refusal="c") + DONE
    assert decoded(body)[0].text == "ac"


@pytest.mark.parametrize(
    ("deltas", "expected"),
    [
        ([{"reasoning_content": "w", "reasoning": "w"}, {"content": "s"}], ("w", "s")),
        ([{"content": "<think>w</think>s"}], ("w", "s")),
        ([{"content": "w</think>s"}], ("w", "s")),
        ([{"content": "s <think>w</think>"}], ("", "s <think>w</think>")),
        ([{"reasoning": "w"}, {"content": "<think>h</think>s"}], ("wh", "s")),
    ],
    ids=["fields", "leading", "closed", "quoted", "field and leading"],
)
def test_reasoning_is_told_apart(deltas: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    answer, _ = decoded("".join(said(**delta) for delta in deltas) + DONE)
    assert (answer.reasoning, answer.text) == expected


# Usage


@pytest.mark.parametrize(
    "place",
    [
        {"usage": {"prompt_tokens": 2}},
        {"choices": [{"index": 0, "delta": {}, "usage": {"prompt_tokens": 2}}]},
        {"x_groq": {"usage": {"prompt_tokens": 2}}},
    ],
    ids=["usage", "choice", "x_groq"],
)
def test_the_last_usage_counts_wherever_it_stands(place: dict[str, Any]) -> None:
    first = event({"usage": {"prompt_tokens": 1, "completion_tokens": 7}})
    body = said(content="x") + first + event(place) + event({"usage": None}) + DONE
    assert decoded(body)[0].usage == Usage(prompt_tokens=2)


# The end


@pytest.mark.parametrize("end", [said(finish="stop"), DONE, said(finish="stop") + DONE])
def test_an_answer_ends_with_a_reason_or_with_done(end: str) -> None:
    answer, error = decoded(said(content="x") + end)
    assert (answer.text, error) == ("x", None)


@pytest.mark.parametrize("body", [said(content="half"), DONE, "", said(role="assistant")])
def test_without_either_or_without_anything_it_broke_off(body: str) -> None:
    assert broken(body).kind == ErrorKind.PROTOCOL


def test_an_error_keeps_the_text_and_done_after_it_is_no_success() -> None:
    body = said(content="half") + event({"error": {"message": "broke"}}) + DONE
    answer, error = decoded(body)
    assert (answer.text, error and error.detail) == ("half", "broke")


@pytest.mark.parametrize("nothing", [None, "", {}])
def test_an_error_of_nothing_is_none(nothing: object) -> None:
    chunk = {"error": nothing, "choices": [{"delta": {"content": "x"}}]}
    assert decoded(event(chunk) + DONE)[1] is None


# Framing


def test_an_event_at_the_end_needs_no_blank_line() -> None:
    answer, error = decoded(said(content="x") + said(finish="stop").rstrip())
    assert (answer.finish_reason, error) == ("stop", None)


def test_data_lines_that_are_no_json_together_are_read_one_by_one() -> None:
    body = said(content="x").rstrip() + "\n" + event({"error": {"message": "broke"}})
    assert broken(body).detail == "broke"


@pytest.mark.parametrize("lead", ["", "\n \n", ": PING\n\n", "\ufeff"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"error":{"message":"busy"}}', ErrorKind.OVERLOADED),
        ("<html>hello</html>", ErrorKind.PROTOCOL),
        ('"Api key is invalid"', ErrorKind.AUTH),
        ('{"choices":[]}', ErrorKind.PROTOCOL),
        ('{"some":"thing"}', ErrorKind.PROTOCOL),
        (event({"error": "busy"}), ErrorKind.OVERLOADED),
    ],
)
def test_a_body_is_what_it_begins_with(lead: str, body: str, kind: ErrorKind) -> None:
    assert broken(lead + body).kind == kind


# Errors


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"error": {"message": "a"}, "detail": "b", "message": "c"}, "a"),
        ({"error": {"msg": "a"}}, "a"),
        ({"error": {"detail": "a"}}, "a"),
        ({"error": "a", "message": "c"}, "a"),
        ([{"error": {"message": "a"}}], "a"),
        ({"object": "error", "message": "a"}, "a"),
        ({"type": "error", "message": "a"}, "a"),
        ({"error_code": 50001, "text": "a"}, "a"),
        ({"error_type": "t", "error_message": "a"}, "a"),
        ({"detail": "a", "message": "b"}, "a"),
        ({"detail": {"error": {"message": "a"}}, "message": "b"}, "a"),
        ({"detail": {"message": "a", "code": 1}, "message": "b"}, "a"),
        ({"detail": {"reason": "a"}, "message": "b"}, '{"reason":"a"}'),
        ({"detail": [{"msg": "a"}], "message": "b"}, '[{"msg":"a"}]'),
        ({"detail": "", "message": "b"}, "b"),
        ({"detail": None, "msg": "b"}, "b"),
        ({"message": "a", "msg": "b"}, "a"),
        ({"msg": "a", "err": "b"}, "a"),
        ({"err": "a", "error_msg": "b"}, "a"),
        ({"error_msg": "a"}, "a"),
        ({"message": {"detail": ["a"]}}, '{"detail":["a"]}'),
        ({"error": {"message": {"why": "a"}}}, '{"why":"a"}'),
        ({"reason": "a", "n": 1}, '{"reason":"a","n":1}'),
        ({"error": {"reason": "a"}}, '{"reason":"a"}'),
        ({"error": ["a"]}, '{"error":["a"]}'),
        ("  plain words \n", "plain words"),
        ('"a text"', "a text"),
        (": PING\n\n" + event({"error": {"message": "a"}}), "a"),
        ("event: error\n" + event({"message": "a"}), "a"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_from_the_first_place_that_says_it(body: object, detail: str) -> None:
    assert refused(body).detail == detail


def test_a_body_that_says_nothing_known_is_told_cut() -> None:
    detail = refused({"reason": "x" * 5000}).detail
    assert detail.startswith('{"reason":"xxx')
    assert len(detail) == 600


def test_the_word_none_names_no_parameter() -> None:
    error = {"message": "x", "type": "None", "param": "None", "code": "400"}
    assert refused({"error": error}).param is None


@pytest.mark.parametrize(
    "line", ['error: {"message": "busy"}', '{"error": {"message": "busy"}}', "data: error: busy"]
)
def test_an_error_may_stand_in_a_line_that_is_no_event(line: str) -> None:
    answer, error = decoded(f"{said(content='half')}{line}\n\n{DONE}")
    assert answer.text == "half"
    assert error is not None
    assert error.kind == ErrorKind.OVERLOADED


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, {"code": "1113", "message": "timed out"}, ErrorKind.BILLING),
        (429, {"message": "1113 free requests"}, ErrorKind.RATE_LIMIT),
        (401, {"message": "额度已用尽"}, ErrorKind.BILLING),
        (503, {"message": "No available channel, busy"}, ErrorKind.NO_CHANNEL),
        (401, {"message": "content_filter"}, ErrorKind.CONTENT_FILTER),
        (401, {"message": "timed out"}, ErrorKind.AUTH),
        (404, {"message": "timed out"}, ErrorKind.TIMEOUT),
        (429, {"message": "model_not_found"}, ErrorKind.NOT_FOUND),
        (429, {"message": "overloaded"}, ErrorKind.OVERLOADED),
        (503, {"message": "too many requests"}, ErrorKind.RATE_LIMIT),
        (503, {"message": "x"}, ErrorKind.OVERLOADED),
        (403, {"message": "x"}, ErrorKind.PERMISSION),
        (418, {"message": "x"}, ErrorKind.BAD_REQUEST),
        (502, {"message": "x"}, ErrorKind.UPSTREAM),
        (200, {"message": "x", "code": 429}, ErrorKind.RATE_LIMIT),
        (200, {"message": "x", "code": "503"}, ErrorKind.OVERLOADED),
    ],
)
def test_the_surest_sign_decides_the_kind(
    status: int, error: dict[str, object], kind: ErrorKind
) -> None:
    assert refused({"error": error}, status).kind == kind
