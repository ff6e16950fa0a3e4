"""What JSON takes in memory is told beforehand, near enough and hardly ever too low."""

import json
import tracemalloc

import pytest

from providers.weight import MOST_WEIGHT, is_too_heavy, weight

MANY = 50_000
# Each of them is a list that is made to grow.
GROWING = {
    "lists": "[]",
    "lists_of_one": "[1]",
    "objects": "{}",
    "objects_of_one": '{"a":1}',
    "lists_in_objects": '{"a":[]}',
    "words": '"ab"',
    "wide_words": '"\u4e00\u4e01"',
    "emoji": '"\U0001f600"',
    "numbers": "1.5",
}


def taken(body: bytes) -> int:
    tracemalloc.start()
    try:
        text = body.decode()
        _value = json.loads(text)
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("piece", GROWING.values(), ids=GROWING)
def test_what_grows_is_told_before(piece: str) -> None:
    body = f"[{','.join([piece] * MANY)}]".encode()
    assert 0.35 * weight(body) < taken(body) < 1.1 * weight(body)


def test_keys_that_are_never_the_same_are_told_before() -> None:
    body = json.dumps({f"{number:x}": 0 for number in range(MANY)}).encode()
    assert taken(body) < 1.5 * weight(body)


@pytest.mark.parametrize("sign", ["\U0001f600", "\\ud83d\\ude00"], ids=["raw", "escaped"])
def test_one_emoji_makes_a_whole_text_wide(sign: str) -> None:
    body = f'"{sign}{"x" * 1_000_000}"'.encode()
    assert 0.6 * weight(body) < taken(body) < 1.1 * weight(body)


def test_ten_thousand_models_and_an_image_are_not_too_heavy() -> None:
    may = {f"may_{number}": True for number in range(12)}
    entry = {"id": "vendor/model", "object": "model", "owned_by": "x", "permission": [may]}
    listed = json.dumps({"data": [entry] * 10_000}).encode()
    image = b'{"url":"data:image/png;base64,' + b"A" * 9_000_000 + b'"}'
    assert not is_too_heavy(listed)
    assert not is_too_heavy(image)


def test_more_than_is_allowed_is_too_heavy() -> None:
    assert is_too_heavy(b"[" + b"[]," * (MOST_WEIGHT // 100) + b"[]]")
