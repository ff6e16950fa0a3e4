"""A chunk of an answer, or a whole one, as events: where each service puts what it says."""

import re
from collections.abc import Iterator
from typing import Any

from providers.events import Event, ImageDelta, ReasoningDelta, UsageReported
from providers.text import CleanText
from providers.thinking import ThinkTags
from providers.toolcalls import ToolCalls
from providers.usage import usage_in

# Of an image that lies elsewhere, its host would learn who reads the answer.
_IMAGE = re.compile(r"data:image/(?:png|jpe?g|webp|gif|avif);base64,")


class ChunkReader:
    """Reads one answer. `has_answered` is False while nothing but counts and roles came."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.has_answered = False
        self._text, self._reasoning = CleanText(), CleanText()
        self._tags = ThinkTags()
        self._tool_calls = ToolCalls()

    def read(self, chunk: dict[str, Any]) -> list[Event]:
        events: list[Event] = []
        choice = _first_choice(chunk.get("choices"))
        if choice:
            self._read_delta(_delta_of(choice), events)
            reason = choice.get("finish_reason")
            if isinstance(reason, str) and reason:
                self.finish_reason = reason
        if usage := usage_in(chunk, choice):
            events.append(UsageReported(usage))
        return events

    def end(self) -> list[Event]:
        """What was held back."""
        held = self._reasoning.end()
        thought: list[Event] = [ReasoningDelta(held)] if held else []
        return thought + self._tags.split(self._text.end()) + self._tags.end()

    def _read_delta(self, delta: dict[str, Any], events: list[Event]) -> None:
        content = delta.get("content")
        reasoning = delta.get("reasoning_content")
        if not reasoning or not isinstance(reasoning, str):
            reasoning = delta.get("reasoning")
        if isinstance(reasoning, str) and reasoning:
            self._add_reasoning(reasoning, events)
        if isinstance(content, str) and content:
            self._add_text(content, events)
        elif isinstance(content, list):
            self._read_parts(content, events)
        if isinstance(refusal := delta.get("refusal"), str) and refusal:
            self._add_text(refusal, events)
        if isinstance(images := delta.get("images"), list):
            self._read_parts(images, events)
        if isinstance(calls := delta.get("tool_calls"), list):
            self._read_calls(calls, events)

    def _add_text(self, text: str, events: list[Event]) -> None:
        self.has_answered = True
        if text := self._text.add(text):
            events += self._tags.split(text)

    def _add_reasoning(self, text: str, events: list[Event]) -> None:
        self.has_answered = True
        self._tags.all_is_answer()
        if text := self._reasoning.add(text):
            events.append(ReasoningDelta(text))

    def _read_parts(self, parts: list[Any], events: list[Event]) -> None:
        """Mistral's: [{type: thinking, thinking: [{type: text, text}]}, {type: text, text}], and
        OpenRouter's images: [{type: image_url, image_url: {url}}]."""
        for part in parts:
            if not isinstance(part, dict):
                continue
            for thought in _texts(part.get("thinking")):
                self._add_reasoning(thought, events)
            for text in _texts(part.get("text") or part.get("refusal")):
                self._add_text(text, events)
            if url := _image_in(part):
                self.has_answered = True
                events.append(ImageDelta(url))

    def _read_calls(self, calls: list[Any], events: list[Event]) -> None:
        for piece in calls:
            if isinstance(piece, dict):
                self.has_answered = True
                events.append(self._tool_calls.take(piece))


def _first_choice(choices: object) -> dict[str, Any]:
    """The choice of index 0; others are answers that nobody asked for."""
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and not choice.get("index"):
            return choice
    return {}


def _delta_of(choice: dict[str, Any]) -> dict[str, Any]:
    """Some relays put the whole answer into `message`; where both are, it repeats the deltas."""
    for name in ("delta", "message"):
        if isinstance(found := choice.get(name), dict):
            return found
    return {}


def _image_in(part: dict[str, Any]) -> str:
    """Its data URL, '' where there is none."""
    place = part.get("image_url")
    url = place.get("url") if isinstance(place, dict) else place
    return url if isinstance(url, str) and url.isascii() and _IMAGE.match(url) else ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part.get("text") if isinstance(part, dict) else part)
