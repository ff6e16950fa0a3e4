"""A chunk of an answer, or a whole one, as events: where each service puts what it says."""

import re
from collections.abc import Iterator
from typing import Any

from providers.events import Event, ImageDelta, ReasoningDelta, UsageReported
from providers.text import CleanText, clean
from providers.thinking import ThinkTags
from providers.toolcalls import ToolCalls
from providers.usage import usage_in

_PLACE = re.compile(r"data:|https?://", re.IGNORECASE)
# Kinds of parts whose text is the answer's, and those whose text is none of it.
_SAID = frozenset({None, "", "text", "output_text", "refusal"})
_THOUGHT = frozenset({"thinking", "reasoning"})


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
                self.finish_reason = clean(reason)
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
            self._read_images(images, events)
        if isinstance(calls := delta.get("tool_calls"), list):
            self._read_calls(calls, events)

    def _add_text(self, text: str, events: list[Event]) -> None:
        self.has_answered = True
        if text := self._text.add(text):
            events += self._tags.split(text)

    def _add_reasoning(self, text: str, events: list[Event]) -> None:
        self.has_answered = True
        self._tags.is_told_apart()
        if text := self._reasoning.add(text):
            events.append(ReasoningDelta(text))

    def _read_parts(self, parts: list[Any], events: list[Event]) -> None:
        """Mistral's: [{type: thinking, thinking: [{type: text, text}]}, {type: text, text}]."""
        for part in parts:
            if not isinstance(part, dict):
                continue
            kind = part.get("type")
            thought = part.get("thinking") or (part.get("text") if kind in _THOUGHT else None)
            for text in _texts(thought):
                self._add_reasoning(text, events)
            if kind in _SAID:
                for text in _texts(part.get("text") or part.get("refusal")):
                    self._add_text(text, events)
            self._read_image(part.get("image_url"), events)

    def _read_images(self, images: list[Any], events: list[Event]) -> None:
        """OpenRouter's: [{type: image_url, image_url: {url}}]."""
        for image in images:
            place = image.get("image_url", image) if isinstance(image, dict) else image
            self._read_image(place, events)

    def _read_image(self, place: object, events: list[Event]) -> None:
        if url := _url_in(place):
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


def _url_in(place: object) -> str:
    """Where an image is, in the spellings of services; '' where there is none."""
    if isinstance(place, dict):
        bare = place.get("b64_json")
        place = f"data:;base64,{bare}" if isinstance(bare, str) and bare else place.get("url")
    return clean(place) if isinstance(place, str) and _PLACE.match(place) else ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part.get("text") if isinstance(part, dict) else part)
