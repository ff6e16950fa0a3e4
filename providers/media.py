"""What is asked of a service besides chats, and what it gives, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from providers.events import Usage

UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file to send: services tell its format by the end of its name, or by its media type."""

    data: bytes = field(repr=False)
    name: str
    media_type: str = UNKNOWN_TYPE


@dataclass(frozen=True, slots=True)
class EmbeddingRequest:
    """`params` here and below holds only what the user set, by its name on the wire."""

    model: str
    texts: tuple[str, ...]
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Embeddings:
    """A vector for each text, in the order of the texts; all of one length, all finite."""

    vectors: tuple[tuple[float, ...], ...] = field(repr=False)
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """An image to be drawn, or to be drawn anew from `images`, only where `mask` is clear."""

    model: str
    prompt: str
    images: tuple[Blob, ...] = ()
    mask: Blob | None = None
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Image:
    """Its bytes, or else the address where the service keeps it for a while: data from outside."""

    data: bytes = field(default=b"", repr=False)
    url: str = ""
    revised_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Images:
    """At least one."""

    images: tuple[Image, ...]
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class TranscriptionRequest:
    model: str
    audio: Blob
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """Times in seconds from the beginning; `speaker` is '' where nobody is told apart."""

    start_s: float
    end_s: float
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Transcription:
    """`text` as it came: subtitles, where subtitles were asked for; '' if nobody speaks."""

    text: str
    language: str = ""
    duration_s: float | None = None
    segments: tuple[Segment, ...] = ()
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """`voice` is the service's name for it, '' leaves the choice to the service."""

    model: str
    text: str
    voice: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speech:
    audio: bytes = field(repr=False)
    media_type: str
