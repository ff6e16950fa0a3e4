"""An answer put together from its events."""

from collections.abc import Iterable

from providers.events import (
    Completion,
    Event,
    Finished,
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
            case UsageReported(usage):
                pass
            case Finished(reason):
                pass
    return Completion(text, reasoning, tuple(calls.values()), reason, usage)


def _joined(call: ToolCallDelta | None, more: ToolCallDelta) -> ToolCallDelta:
    if call is None:
        return more
    arguments = call.arguments + more.arguments
    return ToolCallDelta(call.index, call.id or more.id, call.name or more.name, arguments)
