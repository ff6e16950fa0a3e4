"""Telling what a model thinks from what it says, where a service sends both as one text."""

from providers.events import Event, ReasoningDelta, TextDelta, TextWasReasoning

OPEN, CLOSE = "<think>", "</think>"
BLANKS = " \t\r\n"
# Blanks wait to see whether they end a part; more of them than this are meant.
MOST_BLANKS = 256


class ThinkTags:
    """Splits a text that grows. Only a leading tag counts: later ones are quoted by the answer.

    Some templates open the tag themselves, so that the text only closes it: what was told as the
    answer until then was reasoning. What may become a tag is held back until it is decided.
    """

    def __init__(self) -> None:
        self._held = ""
        self._take = self._begin
        self._is_apart = False

    def split(self, text: str) -> list[Event]:
        if self._held:
            text, self._held = self._held + text, ""
        return self._take(text)

    def end(self) -> list[Event]:
        """What was held back, once nothing more can come."""
        held, self._held = self._held, ""
        return _thought(held.rstrip(BLANKS)) if self._take == self._think else _said(held)

    def is_told_apart(self) -> None:
        """The service has a field for its reasoning: tags in its text are quoted, but for those
        that its parser left at the very beginning."""
        self._is_apart = True
        if self._take == self._say:
            self._take = _said

    def _begin(self, text: str) -> list[Event]:
        lead = text.lstrip(BLANKS)
        if lead.startswith(OPEN):
            self._take = self._think_first
            return self._take(lead[len(OPEN) :])
        if self._is_apart and lead.startswith(CLOSE):
            self._take = self._say_first
            return self._take(lead[len(CLOSE) :])
        if any(tag.startswith(lead) for tag in (OPEN, CLOSE)) and len(text) < MOST_BLANKS:
            self._held = text
            return []
        self._take = _said if self._is_apart else self._say
        return self._take(text)

    def _think_first(self, text: str) -> list[Event]:
        if not (text := text.lstrip(BLANKS)):
            return []
        self._take = self._think
        return self._take(text)

    def _think(self, text: str) -> list[Event]:
        thought, tag, said = text.partition(CLOSE)
        if tag:
            self._take = self._say_first
            return _thought(thought.rstrip(BLANKS)) + self._take(said)
        end = _tag_may_begin_at(text)
        kept = max(len(text[:end].rstrip(BLANKS)), end - MOST_BLANKS)
        self._held = text[kept:]
        return _thought(text[:kept])

    def _say(self, text: str) -> list[Event]:
        if "<" not in text:
            return _said(text)
        before, tag, after = text.partition(CLOSE)
        if OPEN in before:
            self._take = _said
            return _said(text)
        if tag:
            self._take = self._say_first
            thought = _thought(before.rstrip(BLANKS))
            return [TextWasReasoning(), *thought, *self._take(after)]
        kept = _tag_may_begin_at(text)
        self._held = text[kept:]
        return _said(text[:kept])

    def _say_first(self, text: str) -> list[Event]:
        if not (text := text.lstrip(BLANKS)):
            return []
        self._take = _said
        return _said(text)


def _said(text: str) -> list[Event]:
    return [TextDelta(text)] if text else []


def _thought(text: str) -> list[Event]:
    return [ReasoningDelta(text)] if text else []


def _tag_may_begin_at(text: str) -> int:
    start = text.rfind("<", max(0, len(text) - len(CLOSE) + 1))
    may_begin = start >= 0 and any(tag.startswith(text[start:]) for tag in (OPEN, CLOSE))
    return start if may_begin else len(text)
