"""The same figures for other programs: a line for each part, a column for each currency."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from io import StringIO

from django.http import HttpResponse

from chatsite.usage.report import Report
from chatsite.usage.totals import COUNTS, Total, whole

# A spreadsheet takes what begins with these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Of COUNTS, in their order.
COLUMNS = (
    "calls",
    "calls_failed",
    "tokens_read",
    "tokens_written",
    "calls_estimated",
    "calls_without_price",
    "calls_with_estimated_tokens",
)


def csv_of(asked: Report) -> HttpResponse:
    name = f"usage-{asked.by}-{asked.period.first}-{asked.period.last}.csv"
    # Some spreadsheets take UTF-8 for what it is only by its mark.
    response = HttpResponse(f"\ufeff{_text(asked)}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _text(asked: Report) -> str:
    currencies = sorted(whole(asked.parts).costs)
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow([asked.by, *COLUMNS, *(f"cost_{currency}" for currency in currencies)])
    lines.writerows(_line(part, currencies) for part in asked.parts)
    return text.getvalue()


def _line(part: Total, currencies: Iterable[str]) -> list[str | int]:
    name = f"'{part.name}" if part.name.startswith(FORMULA) else part.name
    costs = [f"{part.costs.get(currency, Decimal(0)):f}" for currency in currencies]
    figures = [getattr(part, each) for each in COUNTS]
    return [name, *figures, *costs]
