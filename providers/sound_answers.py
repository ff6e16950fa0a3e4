"""Transcriptions and speech in the body of a response, or why there are none."""

import math
import re
from codecs import getincrementaldecoder
from collections.abc import Mapping
from typing import Any

from providers.answer_body import counts_in, declared_type, no_answer, parsed
from providers.complaint import complaint_in
from providers.media import Segment, Speech, Transcription
from providers.media_types import media_type_of
from providers.text import clean

MOST_SNIFFED_BYTES = 4096
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_Utf8 = getincrementaldecoder("utf-8")


def read_transcription(
    status: int, headers: Mapping[str, str], body: bytes, key: str = ""
) -> Transcription:
    """From JSON, with or without segments, or a text or subtitles as they are; UpstreamError if
    it is none of these."""
    if status >= 400:
        raise no_answer(status, headers, body, key)
    value = parsed(body)
    if isinstance(value, dict) and isinstance(value.get("text"), str) and not complaint_in(value):
        return _transcription(value)
    declared = declared_type(headers)
    if "json" in declared:
        # A text alone, as a JSON string.
        if isinstance(value, str):
            return Transcription(clean(value))
    elif body and "html" not in declared and not body.lstrip().startswith((b"{", b"<")):
        return Transcription(clean(body.decode("utf-8-sig", "replace")))
    raise no_answer(status, headers, body, key)


def read_speech(status: int, headers: Mapping[str, str], body: bytes, key: str = "") -> Speech:
    """UpstreamError if the body is no sound: with a status of 200 as well, some send an error."""
    if status >= 400 or (not begins_as_sound(body) and _is_text(body)):
        raise no_answer(status, headers, body, key)
    return Speech(body, _sound_type(headers, body))


def begins_as_sound(start: bytes) -> bool:
    """Whether bytes that begin so are surely no text, whatever they are declared to be; else only
    the whole of them can tell."""
    if media_type_of(start).startswith("audio/") or _CONTROL.search(start, 0, MOST_SNIFFED_BYTES):
        return True
    try:
        _Utf8().decode(start[:MOST_SNIFFED_BYTES])
    except UnicodeDecodeError:
        return True
    return False


def _transcription(value: dict[str, Any]) -> Transcription:
    usage = value.get("usage")
    # Some tell the length only as what they charge for.
    charged = usage.get("seconds") if isinstance(usage, dict) else None
    duration, language = _seconds(value.get("duration")), value.get("language")
    told = value.get("segments")
    return Transcription(
        text=clean(value["text"]),
        language=clean(language) if isinstance(language, str) else "",
        duration_s=_seconds(charged) if duration is None else duration,
        segments=tuple(
            segment
            for entry in (told if isinstance(told, list) else [])
            if isinstance(entry, dict) and (segment := _segment(entry))
        ),
        usage=counts_in(value),
    )


def _segment(entry: dict[str, Any]) -> Segment | None:
    start, end = _seconds(entry.get("start")), _seconds(entry.get("end"))
    text, speaker = entry.get("text"), entry.get("speaker")
    if start is None or end is None or not isinstance(text, str):
        return None
    return Segment(start, end, clean(text), clean(speaker) if isinstance(speaker, str) else "")


def _seconds(value: object) -> float | None:
    """A number, which some write as a text."""
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sound_type(headers: Mapping[str, str], body: bytes) -> str:
    """As declared, with the rate of raw samples; else as it begins."""
    declared = declared_type(headers)
    return declared if declared.startswith("audio/") else media_type_of(body)
