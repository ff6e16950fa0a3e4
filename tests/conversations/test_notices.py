from decimal import Decimal

import pytest

from conversations.money import money
from conversations.notices import notice_text, tried_texts
from providers.errors import ErrorKind, Sign, WrongBase
from providers.routing_events import Answered, Rerouted


@pytest.mark.parametrize(
    ("waits_s", "words"), [(0.0, "Asking b."), (3.4, "Asking b in 3 s.")], ids=["now", "later"]
)
def test_a_reader_is_told_what_failed_and_who_is_asked_next(waits_s: float, words: str) -> None:
    text = notice_text(Rerouted("a", ErrorKind.RATE_LIMIT, "detail", waits_s, "b"))
    assert text == f"a: The service is receiving too many requests. {words}"


def test_a_reader_is_told_that_a_route_leads_to_a_page() -> None:
    wrong = WrongBase(Sign.PAGE)
    assert "web page" in notice_text(Rerouted("a", ErrorKind.PROTOCOL, "", 0, "b", wrong))
    tried = [{"route": "a", "kind": "protocol", "wrong_base": {"sign": "page", "suggestion": ""}}]
    assert "web page" in tried_texts(tried)[0]


def test_a_reader_is_told_who_answers() -> None:
    assert notice_text(Answered("b")) == "b answers."


def test_a_route_that_failed_twice_is_told_once() -> None:
    tried = [{"route": "a", "kind": "auth", "detail": "x"}] * 2
    assert tried_texts(tried) == ["a: The service refused the key."]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("0.0012345", "USD", "$0.00123"),
        ("3.5", "CNY", "¥3.50"),
        ("12", "CHF", "12.00 CHF"),
        ("0.5", "USD", "$0.500"),
        ("0", "USD", ""),
    ],
)
def test_of_a_small_amount_the_first_digits_are_told(amount: str, currency: str, text: str) -> None:
    assert money(Decimal(amount), currency) == text


def test_a_reader_is_not_told_how_keys_end() -> None:
    told = notice_text(Rerouted("a, #1, …c0de", ErrorKind.AUTH, "", 0, "b, #2, …f3a9"))
    assert told == "a, #1: The service refused the key. Asking b, #2."
    assert notice_text(Answered("b, #2, …f3a9")) == "b, #2 answers."
