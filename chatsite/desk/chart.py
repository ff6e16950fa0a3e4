"""Bars as a browser draws them without any script: numbers for SVG, and words for who sees none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from chatsite.desk.usage import Total
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
class Chart:
    title: str
    bars: list[Bar]
    most: str
    whole: str
    width: str

    @property
    def first(self) -> str:
        return self.bars[0].name

    @property
    def last(self) -> str:
        return self.bars[-1].name


def charts(parts: Sequence[Total], total: Total) -> list[Chart]:
    """What it cost, a chart for each currency; tokens; calls. None for what there is nothing of."""
    drawn = [
        _chart(
            _("Cost in %(currency)s") % {"currency": currency},
            parts,
            total,
            lambda part, currency=currency: part.costs.get(currency, Decimal(0)),  # type: ignore[misc]
            lambda number, currency=currency: money(Decimal(number), currency),  # type: ignore[misc]
        )
        for currency in sorted(total.costs)
    ]
    drawn.append(_chart(_("Tokens"), parts, total, lambda part: part.read + part.written, _grouped))
    drawn.append(_chart(_("Calls"), parts, total, lambda part: part.calls, _grouped))
    return [chart for chart in drawn if chart]


def _chart(
    title: str,
    parts: Sequence[Total],
    total: Total,
    size: Callable[[Total], Number],
    told: Callable[[Number], str],
) -> Chart | None:
    most = max((size(part) for part in parts), default=0)
    if not most:
        return None
    bars = [
        _bar(part.name, told(size(part)) or "0", place, float(size(part) / most))
        for place, part in enumerate(parts)
    ]
    return Chart(title, bars, told(most), told(size(total)), str(STEP * len(bars)))


def _bar(name: str, label: str, place: int, share: float) -> Bar:
    length = share * HEIGHT
    # What is not nothing is seen.
    length = max(length, 0.75) if length else 0.0
    at = STEP * place + (STEP - WIDTH) / 2
    return Bar(name, label, f"{at:.1f}", f"{HEIGHT - length:.2f}", f"{length:.2f}")


def _grouped(number: Number) -> str:
    return number_format(number, decimal_pos=0, force_grouping=True)
