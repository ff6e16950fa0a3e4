import base64
import html
import re
import time
import unicodedata
from urllib.parse import quote, unquote

import pytest

from providers.masking import masked
from tests.extent import bound

KEY = "Zq7-kept/secret+Key=0123456789"
SPELLINGS = {
    "whole": KEY,
    "first_part": KEY[:12],
    "last_part": KEY[-10:],
    "url": quote(KEY, safe=""),
    "url_lower": quote(KEY, safe="").lower().replace(KEY.lower(), KEY),
    "every_letter_for_urls": "".join(f"%{ord(letter):02X}" for letter in KEY),
    "hex": KEY.encode().hex(),
    "capitals": KEY.upper(),
    "small": KEY.lower(),
    "in_groups": " ".join(KEY[i : i + 5] for i in range(0, len(KEY), 5)),
    "in_lines": "\n".join(KEY[i : i + 4] for i in range(0, len(KEY), 4)),
    "in_quoted_lines": "\\n".join(KEY[i : i + 4] for i in range(0, len(KEY), 4)),
    "with_signs": "|".join(KEY),
    "with_nothing_seen": "\u200b".join(KEY[i : i + 6] for i in range(0, len(KEY), 6)),
    "soft_hyphens": "\u00ad".join(KEY),
    "full_width": "".join(chr(ord(sign) + 0xFEE0) for sign in KEY),
    "entities": "".join(f"&#{ord(sign)};" for sign in KEY),
    "entities_in_hex": "".join(f"&#x{ord(sign):04X};" for sign in KEY),
    "blanks_as_entities": "&nbsp;".join(KEY[i : i + 5] for i in range(0, len(KEY), 5)),
    "escapes": "".join(f"\\u{ord(sign):04x}" for sign in KEY),
    "escapes_in_escapes": "".join(f"\\\\u{ord(sign):04x}" for sign in KEY),
    "escapes_in_hex": "".join(f"\\x{ord(sign):02x}" for sign in KEY),
    "base64_in_lines": "\n".join(base64.b64encode(KEY.encode()).decode()),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64_of_the_header": base64.b64encode(f"Bearer {KEY}".encode()).decode(),
    "base64_of_a_login": base64.urlsafe_b64encode(f"me:{KEY}".encode()).decode(),
}


def leaks(text: str) -> list[str]:
    """What of the key, or of a spelling of it, can still be read, by whoever looks hard."""
    unquoted = html.unescape(re.sub(r"\\+[ux](?:00)?([0-9a-f]{2})", r"&#x\1;", text))
    read = _letters(unquote(unquoted.replace("\\n", "")))
    return [
        part
        for spelling in (KEY, KEY.encode().hex(), base64.b64encode(KEY.encode()).decode())
        for i in range(len(spelling) - 7)
        if len(part := _letters(spelling[i : i + 8])) > 4 and part in read
    ]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", text).lower())


@pytest.mark.parametrize("said", SPELLINGS.values(), ids=SPELLINGS)
def test_no_spelling_of_the_key_is_told(said: str) -> None:
    told = masked(f"The key {said} is wrong.", KEY)
    assert leaks(told) == []
    assert told.startswith("The ")
    assert "[key]" in told


def test_each_part_is_masked_once() -> None:
    assert masked(f"{KEY[:9]}...{KEY[-9:]} {KEY}", KEY) == "[key]...[key] [key]"


@pytest.mark.parametrize("key", ["", "of", "..."], ids=["none", "short", "signs"])
def test_what_is_too_short_for_a_key_stays(key: str) -> None:
    assert masked("short of nothing...", key) == "short of nothing..."


@pytest.mark.parametrize("said", ["sk-1234", "SK-1234", "sk 1234", "&#115;k-1234"])
def test_a_short_key_is_masked_whole(said: str) -> None:
    told = masked(f"Invalid proxy server token passed. key={said}", "sk-1234")
    assert told == "Invalid proxy server token passed. key=[key]"


def test_a_long_text_is_masked_in_no_time() -> None:
    began = time.process_time()
    masked(KEY[:7] * 1000 + "&#" * 1000, KEY * 100)
    assert time.process_time() - began < bound(1)


def test_what_is_not_of_the_key_stays() -> None:
    assert masked("Incorrect API key provided.", KEY) == "Incorrect API key provided."
