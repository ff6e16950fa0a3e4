"""How many tokens a text takes: guessed here, and corrected by what services counted.

No tokenizer: each service has another one, and the right one is with the service. Pure, and quick
enough to be asked for every message of a long conversation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from providers.messages import Message
from providers.text import estimated_tokens

# Role names and separators that every chat template adds around a message.
TOKENS_PER_MESSAGE = 4
# What a correction is between, whatever a service says that it counted.
LEAST, MOST = 0.5, 2.5
# Short requests say little: what a service adds to each by itself is most of them.
_PRIOR = 200


@dataclass(frozen=True, slots=True)
class Count:
    """Of one request, in tokens: what was guessed here, and what the service counted."""

    guessed: int
    counted: int


def estimate_tokens(message: Message) -> int:
    return text_tokens(message.text)


def text_tokens(text: str) -> int:
    """Of a message with this text, uncorrected."""
    return estimated_tokens(len(text.encode("utf-8", "replace"))) + TOKENS_PER_MESSAGE


def correction(counts: Iterable[Count]) -> float:
    """By what to multiply a guess; 1 where nothing was counted yet."""
    counts = list(counts)
    guessed = _PRIOR + sum(count.guessed for count in counts)
    counted = _PRIOR + sum(count.counted for count in counts)
    return min(max(counted / guessed, LEAST), MOST)


def corrected(tokens: int, factor: float) -> int:
    return ceil(tokens * factor)
