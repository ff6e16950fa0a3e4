"""What a user may set for a chat, as a value: each parameter with what it may be.

What is stored is what goes over the wire: `from_mapping` reads `to_wire` again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast, get_args

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
FormatType = Literal["text", "json_object", "json_schema"]
EFFORTS: tuple[Effort, ...] = get_args(Effort)
FORMAT_TYPES: tuple[FormatType, ...] = get_args(FormatType)
MOST_STOPS = 4
MOST_STOP_CHARACTERS = 200
MOST_STORED_CHARACTERS = 100_000
SCHEMA_NAME = "answer"
# The site's own part of a request.
RESERVED = frozenset({"model", "messages", "stream"})


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it."""

    least: int
    most: int
    is_whole: bool = False

    def __contains__(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.is_whole and not isinstance(value, int):
            return False
        return self.least <= value <= self.most


RANGES = {
    "temperature": Range(0, 2),
    "top_p": Range(0, 1),
    "max_tokens": Range(1, 2**31 - 1, is_whole=True),
    "presence_penalty": Range(-2, 2),
    "frequency_penalty": Range(-2, 2),
    "seed": Range(-(2**63), 2**63 - 1, is_whole=True),
}
NAMES = frozenset({*RANGES, "stop", "reasoning_effort", "response_format"})


class BadParameter(ValueError):
    """`name` is the parameter that cannot be so."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class ResponseFormat:
    """`schema` is a JSON Schema, for `json_schema` alone; `strict` None lets the service say."""

    type: FormatType
    schema: Mapping[str, Any] | None = None
    name: str = SCHEMA_NAME
    strict: bool | None = None

    @classmethod
    def from_mapping(cls, value: object) -> Self:
        """From its form on the wire."""
        given = value if isinstance(value, dict) else {}
        if given.get("type") not in FORMAT_TYPES:
            raise BadParameter("response_format")
        if given["type"] != "json_schema":
            return cls(given["type"])
        return cls.of_schema(given.get("json_schema"))

    @classmethod
    def of_schema(cls, value: object) -> Self:
        """From a schema, or from one with its name around it as it is on the wire."""
        given = value if isinstance(value, dict) else {}
        if not isinstance(given.get("schema"), dict):
            given = {"schema": given}
        name, strict = given.get("name", SCHEMA_NAME), given.get("strict")
        if not given["schema"] or not isinstance(name, str) or not isinstance(strict, bool | None):
            raise BadParameter("response_format")
        return cls("json_schema", given["schema"], name, strict)

    def to_wire(self) -> dict[str, Any]:
        if self.schema is None:
            return {"type": self.type}
        named = {"name": self.name, "schema": self.schema}
        strict = {} if self.strict is None else {"strict": self.strict}
        return {"type": self.type, self.type: {**named, **strict}}


@dataclass(frozen=True, slots=True)
class Parameters:
    """None and nothing mean: not set, and then not sent. `extra` is JSON for everything else.

    Making one raises BadParameter where a value is not what it may be.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning_effort: Effort | None = None
    response_format: ResponseFormat | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, allowed in RANGES.items():
            value = getattr(self, name)
            if value is not None and value not in allowed:
                raise BadParameter(name)
        if len(self.stop) > MOST_STOPS or not all(map(_is_stop, self.stop)):
            raise BadParameter("stop")
        if self.reasoning_effort not in (None, *EFFORTS):
            raise BadParameter("reasoning_effort")
        if self.response_format and not is_storable(self.response_format.to_wire()):
            raise BadParameter("response_format")
        if self.extra.keys() & (RESERVED | NAMES) or not is_storable(self.extra):
            raise BadParameter("extra")

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """By their names on the wire; names that are not known are `extra`."""
        known = {name: mapping[name] for name in NAMES & mapping.keys()}
        known = {name: value for name, value in known.items() if value is not None}
        if "stop" in known:
            known["stop"] = _stops(known["stop"])
        if "response_format" in known:
            known["response_format"] = ResponseFormat.from_mapping(known["response_format"])
        return cls(**known, extra={n: v for n, v in mapping.items() if n not in NAMES})

    def to_wire(self) -> dict[str, Any]:
        """Only what was set."""
        numbers = {name: getattr(self, name) for name in RANGES}
        wire = {**numbers, "reasoning_effort": self.reasoning_effort}
        wire = {name: value for name, value in wire.items() if value is not None}
        if self.stop:
            wire["stop"] = list(self.stop)
        if self.response_format:
            wire["response_format"] = self.response_format.to_wire()
        return {**wire, **self.extra}


def is_storable(value: object) -> bool:
    """JSON of a size that can be kept, in characters that every database takes."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return len(text) <= MOST_STORED_CHARACTERS and "\\u0000" not in text


def _is_stop(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_STOP_CHARACTERS and is_storable(value)


def _stops(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise BadParameter("stop")
    return cast("tuple[str, ...]", tuple(value))
