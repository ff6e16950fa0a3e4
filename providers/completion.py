"""An answer put together from its events."""

from collections.abc import Iterable

from providers.adaptation import Adaptation
from providers.events import (
    Completion,
    Event,
    Finished,
    ImageDelta,
    Learnt,
    ReasoningDelta,
    TextDelta,
    TextWasReasoning,
    ToolCallDelta,
    Usage,
    UsageReported,
)


def collect(events: Iterable[Event]) -> Completion:
    text, reasoning = "", ""
    usage: Usage | None = None
    reason: str | None = None
    calls: dict[int, ToolCallDelta] = {}
    images: list[str] = []
    learnt: list[Adaptation] = []
    for event in events:
        match event:
            case TextDelta(piece):
                text += piece
            case ReasoningDelta(piece):
                reasoning += piece
            case TextWasReasoning():
                text, reasoning = "", reasoning + text
            case ToolCallDelta(index):
                calls[index] = _joined(calls.get(index), event)
            case ImageDelta(url):
                images.append(url)
            case Learnt(adaptation):
                learnt.append(adaptation)
            case UsageReported(usage):
                pass
            case Finished(reason):
                pass
    told = tuple(calls.values())
    return Completion(text, reasoning, told, reason, usage, tuple(images), tuple(learnt))


def _joined(call: ToolCallDelta | None, more: ToolCallDelta) -> ToolCallDelta:
    if call is None:
        return more
    arguments = call.arguments + more.arguments
    return ToolCallDelta(call.index, call.id or more.id, call.name or more.name, arguments)
