import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import translation

from providers.complaint import MOST_TEXT, complaint_of_text
from providers.errors import ErrorKind, UpstreamError
from providers.failure import failure_of_body, retry_after
from providers.words import words

# Some ten times what it takes.
MOST_S = 0.1


def refused(status: int, error: object = None, text: str = "", key: str = "") -> UpstreamError:
    body = text or json.dumps({"error": error})
    return failure_of_body(status, {}, body.encode(), key)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "This model's maximum context length is 4096 tokens.", ErrorKind.CONTEXT_TOO_LONG),
        (400, "API key not valid. Please pass a valid API key.", ErrorKind.AUTH),
        (400, "1000 free requests a day", ErrorKind.BAD_REQUEST),
        (400, "unknown parameter: timeout", ErrorKind.BAD_REQUEST),
        (402, "", ErrorKind.BILLING),
        (403, "", ErrorKind.PERMISSION),
        (404, "", ErrorKind.NOT_FOUND),
        (429, "", ErrorKind.RATE_LIMIT),
        (429, "You have been rate limited (credit_limit)", ErrorKind.RATE_LIMIT),
        (500, "", ErrorKind.UPSTREAM),
        (503, "", ErrorKind.OVERLOADED),
        (504, "", ErrorKind.TIMEOUT),
        (529, "", ErrorKind.OVERLOADED),
    ],
)
def test_a_refusal_has_its_kind(status: int, message: str, kind: ErrorKind) -> None:
    assert refused(status, {"message": message}).kind == kind


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_kind_has_words_and_a_next_step(kind: ErrorKind) -> None:
    with translation.override("en"):
        told = words(kind)
        assert str(told.message).endswith(".")
        assert str(told.hint).endswith(".")


def test_special_cases_belong_to_a_family() -> None:
    assert ErrorKind.CONTEXT_TOO_LONG.family == ErrorKind.BAD_REQUEST
    assert ErrorKind.BILLING.family == ErrorKind.BILLING


@pytest.mark.parametrize(
    "quoted", ["sk-abcd****wxyz", "0f" * 32, "my-own-key-12"], ids=["part", "hash", "whole"]
)
def test_a_key_is_not_told_again(quoted: str) -> None:
    error = refused(401, {"message": f"The key {quoted} is wrong."}, key="my-own-key-12")
    assert error.detail == "The key [key] is wrong."


def test_a_long_complaint_is_cut() -> None:
    assert len(refused(500, text="x" * 100_000).detail) == 600


def test_markup_is_told_as_its_words() -> None:
    page = (
        "<html><head><title>502 Bad Gateway</title><script>alert(1)</script></head><p>x &lt;b&gt;"
    )
    assert refused(502, text=page).detail == "502 Bad Gateway x <b>"


def test_a_hostile_page_is_read_in_linear_time() -> None:
    assert refused(502, text="<" * 200_000).kind == ErrorKind.UPSTREAM


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<title>a</title><STYLE>b</style ><!-- c --><p>d", "a d"),
        ("<title>a</title><head>b</head>c<!-- d <p>e", "a c<!-- d e"),
        ("<title>a", "a"),
        ("<title><title>", ""),
        ("<p>a<title lang=en>b &amp; c</TITLE>", "a b & c"),
    ],
)
def test_of_a_page_only_what_is_shown_is_told(page: str, told: str) -> None:
    assert refused(502, text=page).detail == told


@pytest.mark.parametrize(
    "text",
    [
        *("<title>", "<title", "<title>x</title><head></head", "</title <title>"),
        *("<title>x</title>" + mark * 9 for mark in ("<!-- ", "<script>", "<head <!--")),
    ],
)
def test_a_page_that_never_ends_is_read_at_once(text: str) -> None:
    page = (text * (MOST_TEXT // len(text)))[:MOST_TEXT]
    started = time.process_time()
    complaint_of_text(page)
    assert time.process_time() - started < MOST_S


@pytest.mark.parametrize(
    ("headers", "delay", "seconds"),
    [
        ({"retry-after": "7"}, "", 7.0),
        ({"retry-after-ms": "1500", "retry-after": "7"}, "", 1.5),
        ({}, "34.4s", 34.4),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": f"Fri, 31 Dec {10**20} 23:59:59 GMT"}, "", None),
        ({"retry-after": "-1"}, "", None),
        ({"retry-after": "1e300"}, "", 604800.0),
        ({}, "", None),
    ],
)
def test_when_to_ask_again(headers: dict[str, str], delay: str, seconds: float | None) -> None:
    assert retry_after(headers, delay) == seconds


def test_a_date_to_ask_again_is_counted_from_now() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    wait = retry_after({"retry-after": date})
    assert wait is not None
    assert 55 < wait <= 60
