"""The figures of a run and the one table that they make."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psutil

HEAD = ("figure", "unit", "site", "beside", "ratio", "target", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `values` are the site's and, where it can do the same, the other's, which is the
    relay unless it is named. `most` limits the site's, `most_ratio` the same divided by the
    other's."""

    name: str
    unit: str
    values: Sequence[float]
    most: float | None = None
    most_ratio: float | None = None
    other: str = "relay"

    @property
    def site(self) -> float:
        return self.values[0]

    @property
    def beside(self) -> float | None:
        return self.values[1] if len(self.values) > 1 else None

    @property
    def ratio(self) -> float | None:
        return self.site / self.beside if self.beside else None

    @property
    def is_met(self) -> bool:
        within = self.most is None or self.site <= self.most
        beside = self.most_ratio is None or self.ratio is None or self.ratio <= self.most_ratio
        return within and beside

    @property
    def target(self) -> str:
        limits = [f"≤ {_short(self.most)}"] if self.most is not None else []
        limits += [f"≤ {self.most_ratio:g} × {self.other}"] if self.most_ratio is not None else []
        named = [] if limits or self.other == "relay" else [f"beside {self.other}"]
        return ", ".join(limits + named)


def percentile(values: Iterable[float], percent: float) -> float:
    """Between the two nearest values; not a number if there is none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    place = (len(ordered) - 1) * percent / 100
    low = ordered[int(place)]
    return low + (ordered[min(int(place) + 1, len(ordered) - 1)] - low) * (place % 1)


def median(values: Iterable[float]) -> float:
    return statistics.median(list(values))


def table(figures: Sequence[Figure]) -> str:
    rows = [HEAD, *map(_cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(_padded(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {load:.1f}"
    )


def _cells(figure: Figure) -> tuple[str, ...]:
    missed = "" if figure.is_met else "MISSED"
    numbers = map(_short, (figure.site, figure.beside, figure.ratio))
    return (figure.name, figure.unit, *numbers, figure.target, missed)


def _short(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Words to the left, numbers to the right."""
    return [
        cell.rjust(width) if 2 <= place <= 4 else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
