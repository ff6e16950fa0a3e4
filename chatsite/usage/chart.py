"""Bars as a browser draws them without any script: numbers for SVG, and words for who sees none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from chatsite.usage.amounts import grouped
from chatsite.usage.totals import Total
from conversations.money import money

# Of a drawing that is stretched to its place.
HEIGHT = 100
STEP, WIDTH = 10, 8
# Models and users below these are in the table.
MOST_BARS = 10

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """`at` is its place in the row; `length` of HEIGHT. Text, as SVG wants it in any language."""

    name: str
    label: str
    at: str
    top: str
    length: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """What is drawn of each part, and how it is told."""

    title: str
    size: Callable[[Total], Number]
    told: Callable[[Number], str]


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    bars: list[Bar]
    most: str
    width: str

    @property
    def first(self) -> str:
        return self.bars[0].name

    @property
    def last(self) -> str:
        return self.bars[-1].name


def charts(parts: Sequence[Total], total: Total, *, are_days: bool) -> list[Chart]:
    """What it cost, a chart for each currency; tokens; calls. None for what there is nothing of.
    All days in their order; of what is not days the largest."""
    scales = [_cost_in(currency) for currency in sorted(total.costs)]
    scales += [
        _Scale(_("Tokens"), lambda part: part.read + part.written, grouped),
        _Scale(_("Calls"), lambda part: part.calls, grouped),
    ]
    drawn = [_chart(scale, parts if are_days else _largest(parts, scale)) for scale in scales]
    return [chart for chart in drawn if chart]


def _cost_in(currency: str) -> _Scale:
    return _Scale(
        _("Cost in %(currency)s") % {"currency": currency},
        lambda part: part.costs.get(currency, Decimal(0)),
        lambda amount: money(Decimal(amount), currency),
    )


def _largest(parts: Sequence[Total], scale: _Scale) -> list[Total]:
    found = [part for part in parts if scale.size(part)]
    return sorted(found, key=scale.size, reverse=True)[:MOST_BARS]


def _chart(scale: _Scale, parts: Sequence[Total]) -> Chart | None:
    sizes = [scale.size(part) for part in parts]
    most = max(sizes, default=0)
    if not most:
        return None
    bars = [
        _bar(part.name, scale.told(size) or "0", place, float(size / most))
        for place, (part, size) in enumerate(zip(parts, sizes, strict=True))
    ]
    return Chart(scale.title, bars, scale.told(most), str(STEP * len(bars)))


def _bar(name: str, label: str, place: int, share: float) -> Bar:
    length = share * HEIGHT
    # What is not nothing is seen.
    length = max(length, 0.75) if length else 0.0
    at = STEP * place + (STEP - WIDTH) / 2
    return Bar(name, label, f"{at:.1f}", f"{HEIGHT - length:.2f}", f"{length:.2f}")
