from conversations.counting import LEAST, MOST, Count, correction, estimate_tokens
from providers.messages import Message


def test_an_estimate_counts_bytes_so_that_chinese_is_not_underrated() -> None:
    assert estimate_tokens(Message("user", "数据库")) > estimate_tokens(Message("user", "abc"))


def test_without_a_count_nothing_is_corrected() -> None:
    assert correction([]) == 1


def test_a_service_that_counts_more_makes_all_estimates_larger() -> None:
    assert correction([Count(guessed=10_000, counted=15_000)]) > 1.4


def test_short_requests_correct_little() -> None:
    assert correction([Count(guessed=5, counted=35)]) < 1.2


def test_a_count_that_cannot_be_is_not_believed_far() -> None:
    assert correction([Count(1000, 10**9)]) == MOST
    assert correction([Count(10**9, 0)]) == LEAST
