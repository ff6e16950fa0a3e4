"""A model's capability card: what was seen to work, what to be refused, and what nobody knows.

It is kept as the lines of the check that it comes from. Where those are silent, what the service
itself says of the model counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.doctor import Step

CHAT, STREAMING, EMBEDDINGS = "chat", "streaming", "embeddings"
# In the order of the card; all but the second and third are `offer.Capabilities` too.
NAMES: dict[str, Promise] = {
    CHAT: _("Chat"),
    STREAMING: _("Chat, word by word"),
    "system_prompt": _("System prompt"),
    "reasoning": _("Thoughts"),
    "image_input": _("Image input"),
    "tools": _("Tools"),
    EMBEDDINGS: _("Embeddings"),
    "image_output": _("Makes images"),
    "audio_input": _("Understands sound"),
    "audio_output": _("Makes sound"),
}
# A card is about these also where nothing is known of them.
_ALWAYS = frozenset({CHAT, STREAMING, "system_prompt", "reasoning", "image_input", EMBEDDINGS})


class Known(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def word(self) -> Promise:
        return _WORDS[self]


_WORDS = {
    Known.YES: _("yes"),
    Known.NO: _("no"),
    Known.UNKNOWN: _("not known"),
}


@dataclass(frozen=True, slots=True)
class Ability:
    """`of` is another model of the same service that has it instead."""

    name: Promise
    known: Known
    of: str = ""


def line_of(step: Step) -> dict[str, Any]:
    """A step as it is kept."""
    return {"name": step.name, "seconds": round(step.seconds, 3), **asdict(step.finding)}


def abilities(
    lines: Iterable[Mapping[str, Any]], capabilities: Mapping[str, bool | None]
) -> list[Ability]:
    """`lines` of the last check, and what is known of the model besides."""
    seen: dict[str, Ability] = {}
    for line in lines:
        for told, known in (("cannot", Known.NO), ("can", Known.YES)):
            for name in line.get(told, ()):
                if name in NAMES:
                    seen[name] = Ability(NAMES[name], known, line.get("of", ""))
    for name in NAMES:
        if name not in seen and (name in _ALWAYS or capabilities.get(name) is not None):
            seen[name] = Ability(NAMES[name], _known(capabilities.get(name)))
    return [seen[name] for name in NAMES if name in seen]


def own_abilities(lines: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """What was seen of the examined model itself."""
    own = [line for line in lines if not line.get("of")]
    no = {name: False for line in own for name in line.get("cannot", ())}
    return no | {name: True for line in own for name in line.get("can", ())}


def _known(told: bool | None) -> Known:
    if told is None:
        return Known.UNKNOWN
    return Known.YES if told else Known.NO
