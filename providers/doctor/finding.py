"""What the doctor finds, as values."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from providers.errors import UpstreamError
from providers.words import words_of


class Result(StrEnum):
    GOOD = "good"
    NOTED = "noted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """`told` is what came back, `hint` what to do about it. `can` and `cannot` are abilities (see
    `card`) that were seen to work or to be refused: of the model that is examined, or of the one
    that `of` names."""

    result: Result
    told: str
    hint: str = ""
    can: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    finding: Finding
    seconds: float


def failure(error: UpstreamError) -> Finding:
    return Finding(Result.FAILED, said(error), str(words_of(error).hint))


def said(error: UpstreamError) -> str:
    """In our words, and in the service's; but some of its are ours."""
    message = words_of(error).message
    return f"{message} ({_(error.detail)})" if error.detail else str(message)


def quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:80]}…”" if len(line) > 80 else f"“{line}”"
