"""What is asked of a service, as values: the messages and the request of one turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["system", "developer", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the `messages` list."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One chat completion. `params` holds only what the user set, by its name on the wire."""

    model: str
    messages: tuple[Message, ...]
    params: Mapping[str, object] = field(default_factory=dict)
