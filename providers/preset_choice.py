"""Choosing the service that a provider is made from. All of it stands in the page's address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import get_language

from providers.endpoint import BadBaseUrl, normalise_base_url
from providers.forms import BASE_URL_WORDS
from providers.preset_words import KINDS, NOTES, PLACEHOLDERS
from providers.presets import Kind, Preset, preset_for, preset_of, presets


@dataclass(frozen=True, slots=True)
class Group:
    """Presets of one kind: slugs with their names."""

    kind: Kind
    heading: str
    services: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A service as a user is told of it; without a page for keys `key_url` is ''."""

    name: str
    note: str
    key_url: str
    key_host: str
    needs_key: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """What the user has to know to complete the base URL, and what was given so far."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`base_url` is '' until the gaps of `pattern` are filled; `error` says why it still is."""

    slug: str
    facts: Facts
    pattern: str
    gaps: tuple[Gap, ...]
    base_url: str
    error: str

    @property
    def initial(self) -> dict[str, str]:
        """What the form begins with."""
        return {"name": self.facts.name, "base_url": self.base_url}


def groups() -> list[Group]:
    return [
        Group(kind, str(heading), tuple((p.slug, _name(p)) for p in presets() if p.kind == kind))
        for kind, heading in KINDS.items()
    ]


def facts_of(preset: Preset) -> Facts:
    note, host = str(NOTES.get(preset.slug, "")), urlsplit(preset.key_url).hostname or ""
    return Facts(_name(preset), note, preset.key_url, host, preset.needs_key)


def choice_in(query: Mapping[str, str]) -> Choice | None:
    """From ?preset=…, and what fills the gaps of its base URL."""
    preset = preset_of(query.get("preset", ""))
    if preset is None:
        return None
    values = {name: query.get(name, "").strip() for name in preset.placeholders}
    gaps = tuple(Gap(name, str(PLACEHOLDERS[name]), value) for name, value in values.items())
    base_url, error = "", ""
    if all(values.values()):
        try:
            base_url = _filled(preset, values)
        except BadBaseUrl as wrong:
            error = str(BASE_URL_WORDS[wrong.reason])
    return Choice(preset.slug, facts_of(preset), preset.base_url, gaps, base_url, error)


def _name(preset: Preset) -> str:
    return preset.name_in(get_language() or "en")


def _filled(preset: Preset, values: Mapping[str, str]) -> str:
    for given in _addresses(values.values()):
        # The whole address was pasted where only a part of it was asked for.
        if preset_for(given) == preset:
            return preset.base_url_at(given)
    return normalise_base_url(preset.fill(**values))


def _addresses(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        try:
            yield normalise_base_url(text)
        except BadBaseUrl:
            continue
