"""Vectors and images in the body of a response, or why there are none."""

import base64
import math
import struct
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from providers.answer_body import counts_in, no_answer, parsed
from providers.complaint import complaint_in
from providers.failure import broken
from providers.media import Embeddings, Image, Images
from providers.text import clean
from providers.weight import MEGABYTE, MOST_WEIGHT

# Of four thousand numbers.
VECTOR_WEIGHT = 512 * 1024
# As large as they come: mostly text, which weighs twice.
MOST_IMAGES_WEIGHT = 80 * MEGABYTE
_NO_VECTOR = _("a vector that is damaged or not made of numbers")
_NO_IMAGE = _("an image that is damaged")


def read_embeddings(
    status: int, headers: Mapping[str, str], body: bytes, key: str = "", *, count: int = 1
) -> Embeddings:
    """As numbers or as float32 in base64; UpstreamError if it is no such answer. `count` is of how
    many texts."""
    value = parsed(body, MOST_WEIGHT + count * VECTOR_WEIGHT)
    entries = _entries(value, "data")
    if status >= 400 or not entries:
        raise no_answer(status, headers, body, key)
    vectors = tuple(_vector(entry, status) for entry in entries)
    # One that was cut may still be made of whole numbers.
    if len(set(map(len, vectors))) > 1:
        raise broken(_NO_VECTOR, status)
    return Embeddings(vectors, counts_in(value))


def read_images(status: int, headers: Mapping[str, str], body: bytes, key: str = "") -> Images:
    """As base64 or by their addresses; UpstreamError if there is none."""
    value = parsed(body, MOST_IMAGES_WEIGHT)
    entries = _entries(value, "data") or _entries(value, "images")
    if status >= 400 or not entries:
        raise no_answer(status, headers, body, key)
    images = tuple(image for entry in entries if (image := _image(entry, status)))
    if not images:
        raise broken(_("an answer without an image"), status)
    return Images(images, counts_in(value))


def _entries(value: Any, name: str) -> list[dict[str, Any]]:
    """By their `index`, where each has one of its own: some services number all of them 0."""
    found = value.get(name) if isinstance(value, dict) and not complaint_in(value) else None
    entries = found if isinstance(found, list) else []
    if not all(isinstance(entry, dict) for entry in entries):
        return []
    indexes = [index for entry in entries if type(index := entry.get("index")) is int]
    if len(set(indexes)) < len(entries):
        return entries
    return sorted(entries, key=lambda entry: int(entry["index"]))


def _vector(entry: dict[str, Any], status: int) -> tuple[float, ...]:
    try:
        vector = _numbers(entry.get("embedding"))
    except (ValueError, TypeError, OverflowError, struct.error):
        vector = ()
    if not vector or not all(map(math.isfinite, vector)):
        raise broken(_NO_VECTOR, status)
    return vector


def _numbers(told: object) -> tuple[float, ...]:
    if isinstance(told, str):
        data = _decoded(told)
        return struct.unpack(f"<{len(data) // 4}f", data)
    if not isinstance(told, list) or any(type(number) not in (int, float) for number in told):
        raise TypeError
    return tuple(map(float, told))


def _image(entry: dict[str, Any], status: int) -> Image | None:
    """None for an entry without an image: a service may hold one of several back."""
    prompt, url, told = (entry.get(name) for name in ("revised_prompt", "url", "b64_json"))
    prompt = clean(prompt) if isinstance(prompt, str) else ""
    if isinstance(url, str) and url.lower().startswith(("https://", "http://")) and not told:
        return Image(url=clean(url), revised_prompt=prompt)
    told = told or url
    if not isinstance(told, str) or not told:
        return None
    try:
        # A whole data URL is given as well, in either place.
        data = _decoded(told.partition("base64,")[2] or told)
    except ValueError:
        data = b""
    if not data:
        raise broken(_NO_IMAGE, status)
    return Image(data, revised_prompt=prompt)


def _decoded(text: str) -> bytes:
    """ValueError if it is not base64, or not whole."""
    return base64.b64decode("".join(text.split()), validate=True)
