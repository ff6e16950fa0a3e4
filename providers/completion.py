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
from providers.toolcalls import ToolCall


def collect(events: Iterable[Event]) -> Completion:
    text: list[str] = []
    reasoning: list[str] = []
    usage: Usage | None = None
    reason: str | None = None
    calls: dict[int, ToolCall] = {}
    images: list[str] = []
    learnt: list[Adaptation] = []
    for event in events:
        match event:
            case TextDelta(piece):
                text.append(piece)
            case ReasoningDelta(piece):
                reasoning.append(piece)
            case TextWasReasoning():
                reasoning += text
                text.clear()
            case ToolCallDelta(index, id, name, arguments):
                calls.setdefault(index, ToolCall()).extend(id, name, arguments)
            case ImageDelta(url):
                images.append(url)
            case Learnt(adaptation):
                learnt.append(adaptation)
            case UsageReported(usage):
                pass
            case Finished(reason):
                pass
    return Completion(
        "".join(text),
        "".join(reasoning),
        tuple(ToolCallDelta(n, call.id, call.name, call.arguments) for n, call in calls.items()),
        reason,
        usage,
        tuple(images),
        tuple(learnt),
    )
