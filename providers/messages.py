"""What is asked of a service, as values: the messages and the request of one turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from providers.adaptation import Adaptation
from providers.text import clean

Role = Literal["system", "developer", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """`url` is a data URL: many services fetch nothing from elsewhere."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that an answer asked for. `arguments` is JSON, as the service wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the `messages` list. `call_id` names the call that a tool's result is of."""

    role: Role
    content: str | tuple[Text | Image, ...]
    tool_calls: tuple[ToolCall, ...] = ()
    call_id: str = ""

    @property
    def text(self) -> str:
        """What it says, without its images."""
        if isinstance(self.content, str):
            return self.content
        return "\n\n".join(part.text for part in self.content if isinstance(part, Text))

    def to_wire(self) -> dict[str, Any]:
        """A plain text unless there is an image: text models refuse parts."""
        message: dict[str, Any] = {"role": self.role, "content": self._content()}
        if self.tool_calls:
            message["tool_calls"] = [_call(call) for call in self.tool_calls]
        if self.call_id:
            message["tool_call_id"] = self.call_id
        return message

    def _content(self) -> str | list[dict[str, Any]]:
        if isinstance(self.content, str) or not any(isinstance(p, Image) for p in self.content):
            return clean(self.text)
        return [_part(part) for part in self.content]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One chat completion. `params` holds only what the user set, by its name on the wire.

    `known` is what was learnt of this model before, so that it is not refused again.
    """

    model: str
    messages: tuple[Message, ...]
    params: Mapping[str, object] = field(default_factory=dict)
    known: frozenset[Adaptation] = frozenset()

    def to_wire(self, *, stream: bool) -> dict[str, Any]:
        """Only what is needed and what the user set: services refuse fields they do not know."""
        usage = {"stream_options": {"include_usage": True}} if stream else {}
        messages = [message.to_wire() for message in self.messages]
        needed = {"model": self.model, "messages": messages, "stream": stream}
        return {**usage, **self.params, **needed}


def _part(part: Text | Image) -> dict[str, Any]:
    if isinstance(part, Image):
        return {"type": "image_url", "image_url": {"url": part.url}}
    return {"type": "text", "text": clean(part.text)}


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": clean(call.arguments)}
    return {"id": call.id, "type": "function", "function": function}
