"""What kind of sound or image some bytes are, by how they begin."""

import re

from providers.media import UNKNOWN_TYPE

# Each with the ending that services know the format by.
_MAGIC = tuple(
    (re.compile(pattern, re.DOTALL), media_type, ending)
    for pattern, media_type, ending in (
        (rb"\x89PNG", "image/png", ".png"),
        (rb"\xff\xd8\xff", "image/jpeg", ".jpg"),
        (rb"GIF8", "image/gif", ".gif"),
        (rb"RIFF....WEBP", "image/webp", ".webp"),
        (rb"....ftypavi[fs]", "image/avif", ".avif"),
        (rb"RIFF....WAVE", "audio/wav", ".wav"),
        (rb"OggS", "audio/ogg", ".ogg"),
        (rb"fLaC", "audio/flac", ".flac"),
        (rb"....ftyp", "audio/mp4", ".m4a"),
        (rb"\x1a\x45\xdf\xa3", "audio/webm", ".webm"),
        # Layers III and II; AAC has 00 in their place, and a text in UTF-16 what nobody uses.
        (rb"ID3|\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd]", "audio/mpeg", ".mp3"),
        (rb"\xff[\xf0\xf1\xf8\xf9]", "audio/aac", ".aac"),
    )
)


def media_type_of(data: bytes) -> str:
    """The media type, UNKNOWN_TYPE where the beginning says nothing."""
    return next((found for magic, found, _ in _MAGIC if magic.match(data)), UNKNOWN_TYPE)


def ending_of(data: bytes) -> str:
    """Such as '.mp3', '' where the beginning says nothing."""
    return next((ending for magic, _, ending in _MAGIC if magic.match(data)), "")
