"""What is known of models whose service does not say it: read once from data/prices.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Self

from providers.offer import NAMES, Capabilities, TokenPrice

DATA = Path(__file__).with_name("data") / "prices.toml"
# "-2024-08-06", "-20250929", "@20250929": a version of the model that is named before it.
_DATED = re.compile(r"[-@]20\d\d-?[01]\d-?[0-3]\d$")


@dataclass(frozen=True, slots=True)
class KnownModel:
    """`page` said this of `price` on `date`; `via` is who passed it on, '' if nobody.

    The price holds for prompts of `up_to` tokens, None: of any length. `varies` says that it
    depends on more than an answer tells: a cost from it is an estimate.
    """

    id: str
    capabilities: Capabilities
    page: str
    date: date
    price: TokenPrice | None
    context_window: int | None = None
    max_output: int | None = None
    up_to: int | None = None
    varies: bool = False
    via: str = ""

    @classmethod
    def of(cls, entry: Mapping[str, Any], around: Mapping[str, Any]) -> Self:
        """From an entry of a list of the file; KeyError, TypeError or ValueError if it is none."""
        rest = dict(entry)
        can = rest.pop("can")
        if unknown := set(can) - set(NAMES):
            raise ValueError(f"nothing is called {unknown}")
        into, out, cached = (
            None if told is None else Decimal(told)
            for told in (rest.pop(name, None) for name in ("input", "output", "cached_input"))
        )
        return cls(
            id=rest.pop("id"),
            capabilities=Capabilities(**{name: name in can for name in NAMES}),
            page=around["page"],
            date=around["date"],
            price=TokenPrice(into, out, cached, around["currency"]),
            context_window=rest.pop("window", None),
            varies=around.get("varies", False),
            via=around.get("via", ""),
            **rest,
        )


def known_model(service: str, model_id: str) -> KnownModel | None:
    """What is known of a model as a service, the slug of a preset or '', offers it.

    Of a model that another service passes on, `vendor/model`, the vendor's price is an estimate;
    of one that it only calls by the same name nothing is known of the price.
    """
    id = model_id.lower().removeprefix("models/")
    if found := _find(service, id):
        return found
    vendor, _, bare = id.rpartition("/")
    if found := _find(vendor, bare):
        return replace(found, varies=True)
    services = sorted({*_vendors().values()})
    same = [found for service in services if (found := _find(service, bare))]
    return replace(same[0], price=None) if len(same) == 1 else None


@cache
def known_models() -> dict[tuple[str, str], KnownModel]:
    """By service and id; ValueError names the entry that is wrong."""
    found: dict[tuple[str, str], KnownModel] = {}
    for around in _lists():
        for entry in around["models"]:
            place = around["service"], entry["id"]
            try:
                known = KnownModel.of(entry, around)
            except (ArithmeticError, KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{DATA.name}, {place}: {error}") from error
            if found.setdefault(place, known) is not known:
                raise ValueError(f"{DATA.name}: {place} is there twice")
    return found


def _find(service: str, id: str) -> KnownModel | None:
    models = known_models()
    slug = _vendors().get(service, service)
    return models.get((slug, id)) or models.get((slug, _DATED.sub("", id)))


@cache
def _vendors() -> dict[str, str]:
    """The services of the file by every name that they have in ids."""
    return {
        name: around["service"]
        for around in _lists()
        for name in (around["service"], *around.get("also", ()))
    }


@cache
def _lists() -> list[dict[str, Any]]:
    text = DATA.read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text, parse_float=Decimal)["list"]
    return found
