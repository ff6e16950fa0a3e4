"""An image of an answer: what of it may be kept and shown."""

import base64
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from providers.media_types import media_type_of

MOST_BYTES = 10 * 1024 * 1024
MOST_URL_CHARACTERS = 4096
# What every browser shows and nothing can be hidden in: no SVG, which is a document with scripts.
SAFE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_DATA_URL = re.compile(r"data:[^,]{0,200};base64,", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)


class Refusal(StrEnum):
    TOO_LARGE = "too_large"
    NO_IMAGE = "no_image"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Picture:
    """Either its bytes with their media type, or the address where it lies, or why neither."""

    data: bytes = field(default=b"", repr=False)
    media_type: str = ""
    url: str = ""
    refusal: Refusal | None = None


def picture_of(url: str) -> Picture:
    """What an `ImageDelta` brought. Its type is what its bytes are, whatever it says itself."""
    if not url[:5].lower().startswith("data:"):
        return _elsewhere(url)
    head = _DATA_URL.match(url)
    if head is None:
        return Picture(refusal=Refusal.NO_IMAGE)
    if (len(url) - head.end()) * 3 // 4 > MOST_BYTES + 2:
        return Picture(refusal=Refusal.TOO_LARGE)
    try:
        data = base64.b64decode("".join(url[head.end() :].split()), validate=True)
    except ValueError:
        return Picture(refusal=Refusal.NO_IMAGE)
    media_type = media_type_of(data)
    if media_type not in SAFE_TYPES:
        return Picture(refusal=Refusal.NO_IMAGE)
    return Picture(data, media_type)


def _elsewhere(url: str) -> Picture:
    if len(url) > MOST_URL_CHARACTERS:
        return Picture(refusal=Refusal.TOO_LARGE)
    return Picture(url=url) if _is_address(url) else Picture(refusal=Refusal.NO_IMAGE)


def _is_address(url: str) -> bool:
    """Not one that a reader could take for another: without a user name, without odd letters."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_ADDRESS.fullmatch(url) and parts.hostname and "@" not in parts.netloc)
