"""How a request may differ so that its service does not refuse it: pure, on the body as sent."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any

Body = Mapping[str, Any]
Messages = list[dict[str, Any]]
Change = Callable[[dict[str, Any]], object]


class Adaptation(StrEnum):
    """The values are stored, and stand in the presets: they stay as they are.

    `apply` goes in this order: roles change before messages are joined by their roles.
    """

    NO_STREAM_OPTIONS = "no_stream_options"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"
    NO_TEMPERATURE = "no_temperature"
    NO_TOP_P = "no_top_p"
    NO_PRESENCE_PENALTY = "no_presence_penalty"
    NO_FREQUENCY_PENALTY = "no_frequency_penalty"
    RANDOM_SEED = "random_seed"
    NO_SEED = "no_seed"
    NO_STOP = "no_stop"
    NO_REASONING_EFFORT = "no_reasoning_effort"
    JSON_OBJECT = "json_object"
    NO_JSON_OBJECT = "no_json_object"
    NO_RESPONSE_FORMAT = "no_response_format"
    DEVELOPER_ROLE = "developer_role"
    SYSTEM_ROLE = "system_role"
    MERGED_SYSTEM = "merged_system"
    ALTERNATING_ROLES = "alternating_roles"


OPPOSITES = {
    Adaptation.MAX_COMPLETION_TOKENS: Adaptation.MAX_TOKENS,
    Adaptation.MAX_TOKENS: Adaptation.MAX_COMPLETION_TOKENS,
    Adaptation.DEVELOPER_ROLE: Adaptation.SYSTEM_ROLE,
    Adaptation.SYSTEM_ROLE: Adaptation.DEVELOPER_ROLE,
}
INSTRUCTIONS = ("system", "developer")
_GAP = "\n\n"


def with_learnt(known: Collection[Adaptation], learnt: Adaptation) -> frozenset[Adaptation]:
    """What is known from now on: what was learnt last replaces its opposite."""
    return frozenset({*known, learnt} - {OPPOSITES.get(learnt)})


def apply(body: Body, adaptations: Collection[Adaptation]) -> dict[str, Any]:
    """The body as it is to be sent; the one that was given stays as it is."""
    adapted = dict(body)
    for adaptation in Adaptation:
        if adaptation in adaptations:
            _CHANGES[adaptation](adapted)
    return adapted


def format_of(body: Body) -> str:
    """The type of the answer that is asked for, '' if the body does not say."""
    wanted = body.get("response_format")
    return str(wanted.get("type", "")) if isinstance(wanted, dict) else ""


def _without(*names: str) -> Change:
    def drop(body: dict[str, Any]) -> None:
        for name in names:
            body.pop(name, None)

    return drop


def _renamed(old: str, new: str) -> Change:
    def rename(body: dict[str, Any]) -> None:
        if old in body:
            value = body.pop(old)
            body.setdefault(new, value)

    return rename


def _roles(old: str, new: str) -> Change:
    def replace(body: dict[str, Any]) -> None:
        body["messages"] = [
            {**message, "role": new} if message["role"] == old else message
            for message in body["messages"]
        ]

    return replace


def _ask_for_any_json(body: dict[str, Any]) -> None:
    if format_of(body) == "json_schema":
        body["response_format"] = {"type": "json_object"}


def _ask_for_no_json(body: dict[str, Any]) -> None:
    """A schema stays: some services take that one alone."""
    if format_of(body) == "json_object":
        del body["response_format"]


def _merge_system(body: dict[str, Any]) -> None:
    """The instructions at the head of the first question, for templates that have no role."""
    messages: Messages = body["messages"]
    told = [m for m in messages if m["role"] in INSTRUCTIONS]
    if not told:
        return
    rest = [m for m in messages if m["role"] not in INSTRUCTIONS]
    head = {"role": "user", "content": _joined([m["content"] for m in told])}
    first = next((i for i, m in enumerate(rest) if m["role"] == "user"), None)
    if first is None:
        body["messages"] = [head, *rest]
    else:
        question = {**rest[first], "content": _joined([head["content"], rest[first]["content"]])}
        body["messages"] = [*rest[:first], question, *rest[first + 1 :]]


def _alternate(body: dict[str, Any]) -> None:
    """Neighbours of one role become one message; tools' calls and results stay as they are."""
    joined: Messages = []
    for message in body["messages"]:
        before = joined[-1] if joined else {}
        if _is_plain(message) and _is_plain(before) and before["role"] == message["role"]:
            content = _joined([before["content"], message["content"]])
            joined[-1] = {**before, "content": content}
        else:
            joined.append(message)
    body["messages"] = joined


def _is_plain(message: Mapping[str, Any]) -> bool:
    return message.keys() == {"role", "content"} and message["role"] != "tool"


def _joined(contents: list[Any]) -> Any:
    """Contents are texts, or lists of parts where an image is among them."""
    if all(isinstance(content, str) for content in contents):
        return _GAP.join(contents)
    return [part for content in contents for part in _parts(content)]


def _parts(content: Any) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


_CHANGES: dict[Adaptation, Change] = {
    Adaptation.NO_STREAM_OPTIONS: _without("stream_options"),
    Adaptation.MAX_COMPLETION_TOKENS: _renamed("max_tokens", "max_completion_tokens"),
    Adaptation.MAX_TOKENS: _renamed("max_completion_tokens", "max_tokens"),
    Adaptation.NO_TEMPERATURE: _without("temperature"),
    Adaptation.NO_TOP_P: _without("top_p"),
    Adaptation.NO_PRESENCE_PENALTY: _without("presence_penalty"),
    Adaptation.NO_FREQUENCY_PENALTY: _without("frequency_penalty"),
    Adaptation.RANDOM_SEED: _renamed("seed", "random_seed"),
    Adaptation.NO_SEED: _without("seed", "random_seed"),
    Adaptation.NO_STOP: _without("stop"),
    Adaptation.NO_REASONING_EFFORT: _without("reasoning_effort"),
    Adaptation.JSON_OBJECT: _ask_for_any_json,
    Adaptation.NO_JSON_OBJECT: _ask_for_no_json,
    Adaptation.NO_RESPONSE_FORMAT: _without("response_format"),
    Adaptation.DEVELOPER_ROLE: _roles("system", "developer"),
    Adaptation.SYSTEM_ROLE: _roles("developer", "system"),
    Adaptation.MERGED_SYSTEM: _merge_system,
    Adaptation.ALTERNATING_ROLES: _alternate,
}
