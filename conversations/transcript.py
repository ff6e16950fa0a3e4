"""The path of messages -> the `messages` list of the next request.

The service remembers nothing: each turn it is sent the whole conversation again. What it gets is
the system prompt, if there is one, then every question and answer in order, exactly as the page
shows them. Only when the model's context window is known and would overflow are the oldest turns
left out. Pure: no database, no network, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from providers.messages import Message, Role
from providers.text import estimated_tokens

# Role names and separators that every chat template adds around a message.
TOKENS_PER_MESSAGE = 4
# The share of the window that is left for the answer.
ANSWER_SHARE = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the path: its role (`user` or `assistant`) and its text."""

    role: Role
    text: str


def assemble(
    system_prompt: str, path: Sequence[Line], context_window: int | None = None
) -> tuple[Message, ...]:
    """The list to send, oldest first; the last line of the path is always in it.

    `context_window` is in tokens; None means unknown, and then nothing is left out.
    """
    system = [Message("system", system_prompt)] if system_prompt else []
    # An answer that failed before its first word says nothing, and some services refuse it.
    lines = [Message(line.role, line.text) for line in path if line.text]
    if context_window is None:
        return (*system, *lines)
    budget = context_window - context_window // ANSWER_SHARE
    return (*system, *_newest_within(budget - sum(map(estimate_tokens, system)), lines))


def estimate_tokens(message: Message) -> int:
    size = len(message.text.encode("utf-8", "replace"))
    return estimated_tokens(size) + TOKENS_PER_MESSAGE


def _newest_within(budget: int, lines: list[Message]) -> list[Message]:
    """The longest run of newest messages that fits and starts with a question."""
    start, spent = len(lines), 0
    for index in range(len(lines) - 1, -1, -1):
        spent += estimate_tokens(lines[index])
        if spent > budget and start < len(lines):
            break
        start = index
    while start < len(lines) - 1 and lines[start].role != "user":
        start += 1
    return lines[start:]
