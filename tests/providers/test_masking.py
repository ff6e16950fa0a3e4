import base64
from urllib.parse import quote

import pytest

from providers.masking import masked

KEY = "Zq7-kept/secret+Key=0123456789"
SPELLINGS = {
    "whole": KEY,
    "first_part": KEY[:12],
    "last_part": KEY[-10:],
    "url": quote(KEY, safe=""),
    "url_lower": quote(KEY, safe="").lower().replace(KEY.lower(), KEY),
    "every_letter_for_urls": "".join(f"%{ord(letter):02X}" for letter in KEY),
    "hex": KEY.encode().hex(),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64_of_the_header": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "base64_of_a_login": base64.urlsafe_b64encode(f"me:{KEY}".encode()).decode(),
}


def leaks(text: str) -> list[str]:
    """What of the key, or of a spelling of it, can still be read."""
    return [
        spelling[i : i + 8]
        for spelling in (KEY, KEY.encode().hex(), base64.b64encode(KEY.encode()).decode())
        for i in range(len(spelling) - 7)
        if spelling[i : i + 8] in text
    ]


@pytest.mark.parametrize("said", SPELLINGS.values(), ids=SPELLINGS)
def test_no_spelling_of_the_key_is_told(said: str) -> None:
    told = masked(f"The key {said} is wrong.", KEY)
    assert leaks(told) == []
    assert told.startswith("The key ")
    assert "[key]" in told


def test_each_part_is_masked_once() -> None:
    assert masked(f"{KEY[:9]}...{KEY[-9:]} {KEY}", KEY) == "[key]...[key] [key]"


@pytest.mark.parametrize("key", ["", "short"], ids=["none", "short"])
def test_without_a_long_key_nothing_is_masked(key: str) -> None:
    assert masked("short of nothing", key) == "short of nothing"


def test_what_is_not_of_the_key_stays() -> None:
    assert masked("Incorrect API key provided.", KEY) == "Incorrect API key provided."
