"""What a model can do and what it costs, as values; None wherever nobody said."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Self


@dataclass(frozen=True, slots=True)
class Capabilities:
    """True and False are what a source says; None is not False."""

    chat: bool | None = None
    image_input: bool | None = None
    tools: bool | None = None
    reasoning: bool | None = None
    embeddings: bool | None = None
    image_output: bool | None = None
    audio_input: bool | None = None
    audio_output: bool | None = None

    def or_else(self, other: "Capabilities") -> Self:
        """What this one leaves open, as the other says it."""
        own = {name: getattr(self, name) for name in NAMES}
        return type(self)(**{n: getattr(other, n) if v is None else v for n, v in own.items()})


NAMES = tuple(field.name for field in fields(Capabilities))


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """Per million tokens, in one currency (ISO 4217). `cached_input` None: as other input."""

    input: Decimal | None
    output: Decimal | None
    cached_input: Decimal | None = None
    currency: str = "USD"
