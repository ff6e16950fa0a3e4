"""The page of usage and cost, and the same figures as a table for other programs."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.desk.amounts import amounts, grouped
from chatsite.desk.chart import charts
from chatsite.desk.period import Period
from chatsite.desk.usage import COUNTS, By, Total, totals, whole

MAY_SEE_USAGE = "providers.view_call"
# The rest is in the CSV.
MOST_ROWS = 366
PRESETS = (7, 30, 90, 365)
NAMES = {
    By.DAY: gettext_lazy("day"),
    By.MODEL: gettext_lazy("model"),
    By.USER: gettext_lazy("user"),
}
# A spreadsheet takes what begins with these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def usage_page(request: HttpRequest) -> HttpResponse:
    """`?by=day|model|user&first=…&last=…`."""
    period, by, parts = _asked_for(request)
    named = [replace(part, name=_readable(part.name, by)) for part in parts]
    total = whole(parts, _("Total"))
    told: dict[str, Any] = {
        "title": _("Usage and cost"),
        "period": period,
        "by": by,
        "choices": [(each, NAMES[each]) for each in By],
        "presets": [(days, Period.of_last(days)) for days in PRESETS],
        "name_of_part": NAMES[by],
        "charts": charts(named, total, are_days=by is By.DAY),
        "rows": [_row(part) for part in [*named[:MOST_ROWS], total]] if total.calls else [],
        "more": max(0, len(named) - MOST_ROWS),
    }
    return render(request, "admin/usage.html", admin.site.each_context(request) | told)


def usage_csv(request: HttpRequest) -> HttpResponse:
    """A line for each part, a column for each currency."""
    period, by, parts = _asked_for(request)
    name = f"usage-{by}-{period.first}-{period.last}.csv"
    # Some spreadsheets take UTF-8 for what it is only by its mark.
    response = HttpResponse(f"\ufeff{_csv(by, parts)}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked_for(request: HttpRequest) -> tuple[Period, By, list[Total]]:
    if not request.user.has_perm(MAY_SEE_USAGE):
        raise PermissionDenied
    asked = request.GET.get("by", "")
    by = By(asked) if asked in list(By) else By.DAY
    period = Period.asked_for(request.GET)
    return period, by, totals(period, by)


def _readable(name: str, by: By) -> str:
    return date_format(date.fromisoformat(name)) if by is By.DAY else name


def _row(part: Total) -> dict[str, Any]:
    counts = {each: grouped(getattr(part, each)) for each in ("calls", "failed", "read", "written")}
    unpriced = grouped(part.unpriced) if part.unpriced else "–"
    cost = amounts(part.costs)
    is_guessed = bool(cost and part.guessed)
    return {
        **counts,
        "name": part.name,
        "cost": cost,
        "is_guessed": is_guessed,
        "unpriced": unpriced,
    }


def _csv(by: By, parts: Sequence[Total]) -> str:
    currencies = sorted(whole(parts).costs)
    text = StringIO()
    lines = csv.writer(text)
    figures = (
        "calls",
        "calls_failed",
        "tokens_read",
        "tokens_written",
        "calls_estimated",
        "calls_without_price",
    )
    lines.writerow([by, *figures, *(f"cost_{currency}" for currency in currencies)])
    lines.writerows(_line(part, currencies) for part in parts)
    return text.getvalue()


def _line(part: Total, currencies: Iterable[str]) -> list[str | int]:
    name = f"'{part.name}" if part.name.startswith(FORMULA) else part.name
    costs = [f"{part.costs.get(currency, Decimal(0)):f}" for currency in currencies]
    figures = [getattr(part, each) for each in COUNTS]
    return [name, *figures, *costs]
