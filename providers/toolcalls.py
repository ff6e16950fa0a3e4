"""Pieces of tool calls, which services number from 0, from 1, twice or never: by us, and joined."""

import json
from dataclasses import dataclass, field
from typing import Any

from providers.events import ToolCallDelta
from providers.text import clean

# Pieces belong to a recent call; who sends thousands must not have them all compared.
MOST_OPEN_CALLS = 128


@dataclass(slots=True)
class ToolCall:
    """A call the model asks for, put together from its pieces."""

    id: str = ""
    name: str = ""
    # Joined once: to add a piece to what is there already would copy all of it each time.
    pieces: list[str] = field(default_factory=list)

    def extend(self, id: str, name: str, arguments: str) -> None:
        self.id, self.name = id or self.id, name or self.name
        self.pieces.append(arguments)

    @property
    def arguments(self) -> str:
        return "".join(self.pieces)

    def told(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name, "arguments": self.arguments}


class ToolCalls:
    def __init__(self) -> None:
        # Of each call, in order: the service's number and its id.
        self._calls: list[tuple[object, str]] = []

    def take(self, piece: dict[str, Any]) -> ToolCallDelta:
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        id, name = _text(piece.get("id")), _text(function.get("name"))
        arguments = function.get("arguments")
        if isinstance(arguments, dict | list):
            arguments = json.dumps(arguments, ensure_ascii=False)
        index = self._index_of(piece.get("index"), id, name)
        return ToolCallDelta(index, id, name, _text(arguments))

    def _index_of(self, number: object, id: str, name: str) -> int:
        """The call that this piece belongs to; a second id under one number is a second call."""
        for index in reversed(range(len(self._calls))[-MOST_OPEN_CALLS:]):
            its_number, its_id = self._calls[index]
            if its_number == number and (not id or not its_id or id == its_id):
                if number is None and name and not id:
                    break
                self._calls[index] = (number, its_id or id)
                return index
        self._calls.append((number, id))
        return len(self._calls) - 1


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
