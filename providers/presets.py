"""The services that a provider can be made from: read once from data/presets.toml.

A preset only fills in a form and spares a first refusal; what a service really does is learnt
from its answers, so that a service without a preset works as well.
"""

import ipaddress
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from providers.adaptation import Adaptation

DATA = Path(__file__).with_name("data") / "presets.toml"


class Kind(StrEnum):
    CLOUD = "cloud"
    LOCAL = "local"
    GATEWAY = "gateway"


class Function(StrEnum):
    CHAT = "chat"
    EMBEDDINGS = "embeddings"
    IMAGES = "images"
    EDITS = "edits"
    TRANSCRIPTIONS = "transcriptions"
    SPEECH = "speech"


@dataclass(frozen=True, slots=True)
class Preset:
    slug: str
    name: str
    kind: Kind
    base_url: str
    order: int
    functions: frozenset[Function]
    name_zh: str = ""
    key_url: str = ""
    needs_key: bool = True
    hosts: tuple[str, ...] = ()
    port: int | None = None
    lists_models: bool = True
    list_headers: tuple[tuple[str, str], ...] = ()
    adapt: tuple[tuple[Adaptation, tuple[str, ...]], ...] = ()

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What the user must fill into the base URL."""
        return _placeholders(self.base_url)

    def name_in(self, language: str) -> str:
        """`language` as Django has it, such as `zh-hans`."""
        return self.name_zh if self.name_zh and language.startswith("zh") else self.name

    def fill(self, **values: str) -> str:
        """The base URL with every placeholder replaced; KeyError if one is missing."""
        return self.base_url.format(**values)

    def base_url_at(self, base_url: str) -> str:
        """This service's base URL at the host of another one."""
        given = urlsplit(base_url)
        return f"{given.scheme}://{given.netloc}{urlsplit(self.base_url).path}"

    def headers_for_list(self, key: str) -> dict[str, str]:
        return {name: value.replace("{key}", key) for name, value in self.list_headers}

    def adaptations(self, model_id: str) -> frozenset[Adaptation]:
        return frozenset(
            adaptation
            for adaptation, patterns in self.adapt
            if any(fnmatchcase(model_id, pattern) for pattern in patterns)
        )

    @classmethod
    def of(cls, entry: Mapping[str, Any], order: int) -> Self:
        """From an entry of the file; ValueError or TypeError if it is none."""
        adapt = entry.get("adapt", {})
        fixed = [] if _placeholders(entry["base_url"]) else [_host(entry["base_url"])]
        return cls(
            **{
                **entry,
                "order": order,
                "kind": Kind(entry["kind"]),
                "functions": frozenset(map(Function, entry["functions"])),
                "hosts": (*(h for h in fixed if not _is_near(h)), *entry.get("hosts", ())),
                "list_headers": tuple(entry.get("list_headers", {}).items()),
                "adapt": tuple((Adaptation(name), tuple(ids)) for name, ids in adapt.items()),
            }
        )


@cache
def presets() -> tuple[Preset, ...]:
    """In the order in which they are offered; ValueError names the entry that is wrong."""
    found: dict[str, Preset] = {}
    for order, entry in enumerate(tomllib.loads(DATA.read_text(encoding="utf-8"))["preset"]):
        try:
            preset = Preset.of(entry, order)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{DATA.name}, entry {order + 1}: {error}") from error
        if found.setdefault(preset.slug, preset) is not preset:
            raise ValueError(f"{DATA.name}: {preset.slug} is there twice")
    return tuple(found.values())


def preset_of(slug: str) -> Preset | None:
    return next((preset for preset in presets() if preset.slug == slug), None)


def preset_for(base_url: str) -> Preset | None:
    """The service that is known to live at this host; near by, at this port."""
    host = _host(base_url)
    if _is_near(host):
        port = urlsplit(base_url).port
        return next((p for p in presets() if p.port and p.port == port), None)
    return next((p for p in presets() if any(_fits(host, known) for known in p.hosts)), None)


def _fits(host: str, known: str) -> bool:
    return host.endswith(known) if known.startswith(".") else host == known


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""


def _is_near(host: str) -> bool:
    """This machine, or a network that is not the public one."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def _placeholders(base_url: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in string.Formatter().parse(base_url) if name)
