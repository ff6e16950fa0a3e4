import pytest

from providers.media import UNKNOWN_TYPE
from providers.media_types import ending_of, media_type_of


@pytest.mark.parametrize(
    ("start", "media_type", "ending"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", ".jpg"),
        (b"RIFF\x0a\x00\x00\x0aWEBPVP8 ", "image/webp", ".webp"),
        (b"RIFF\x0a\x00\x00\x0aWAVEfmt ", "audio/wav", ".wav"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4", ".m4a"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif", ".avif"),
        (b"OggS\x00", "audio/ogg", ".ogg"),
        (b"fLaC\x00", "audio/flac", ".flac"),
        (b"\x1a\x45\xdf\xa3", "audio/webm", ".webm"),
        (b"ID3\x04", "audio/mpeg", ".mp3"),
        (b"\xff\xfb\x90", "audio/mpeg", ".mp3"),
        (b"\xff\xf3\x40", "audio/mpeg", ".mp3"),
        (b"\xff\xf1\x50", "audio/aac", ".aac"),
        (b"\xff\xfe\x00", UNKNOWN_TYPE, ""),
        (b"RIFF", UNKNOWN_TYPE, ""),
        (b"{}", UNKNOWN_TYPE, ""),
        (b"", UNKNOWN_TYPE, ""),
    ],
    ids=repr,
)
def test_the_beginning_tells_the_kind(start: bytes, media_type: str, ending: str) -> None:
    assert (media_type_of(start), ending_of(start)) == (media_type, ending)
