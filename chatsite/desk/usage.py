"""What was called and what it cost, added up from the ledger by the database.

Amounts are exact decimals, each currency by itself: they are never added up across currencies.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, Left
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.desk.period import Period
from providers.models import Call
from providers.models.call import Basis

# As the ledger has them; SQLite adds up in floating point, which is exact to more than these.
PLACES = Decimal(1).scaleb(-9)
# "2026-03-01 17" and "2026-03-01 17:45".
HOUR, MINUTE = 13, 16


class By(StrEnum):
    DAY = "day"
    MODEL = "model"
    USER = "user"


@dataclass(slots=True)
class Total:
    """`costs` by currency; `guessed` are the calls whose cost was estimated, `unpriced` those of
    which no cost is known."""

    name: str
    calls: int = 0
    read: int = 0
    written: int = 0
    guessed: int = 0
    unpriced: int = 0
    costs: dict[str, Decimal] = field(default_factory=dict)

    def add(self, row: dict[str, Any]) -> None:
        self.calls += row["calls"]
        self.read += row["read"]
        self.written += row["written"]
        self.guessed += row["guessed"]
        if not row["currency"]:
            self.unpriced += row["calls"]
        elif row["paid"] is not None:
            paid = self.costs.get(row["currency"], Decimal(0)) + row["paid"]
            self.costs[row["currency"]] = paid.quantize(PLACES)


def totals(period: Period, by: By) -> list[Total]:
    """Days in their order, also those without a call; models and users by calls, most first. One
    query, whose size is bounded by the period."""
    if by is By.DAY:
        return _of_days(period)
    keys = ("model_name",) if by is By.MODEL else ("user_id", "user__username")
    found: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in _summed(_calls(period), *keys):
        found[row[keys[0]]].append(row)
    named = [_added(rows[0][keys[-1]] or _("deleted users"), rows) for rows in found.values()]
    return sorted(named, key=lambda total: (-total.calls, total.name))


def whole(parts: Iterable[Total], name: str = "") -> Total:
    total = Total(name)
    for part in parts:
        for each in ("calls", "read", "written", "guessed", "unpriced"):
            setattr(total, each, getattr(total, each) + getattr(part, each))
        for currency, amount in part.costs.items():
            total.costs[currency] = total.costs.get(currency, Decimal(0)) + amount
    return total


def _calls(period: Period) -> QuerySet[Call]:
    return Call.objects.filter(created_at__gte=period.begins, created_at__lt=period.ends)


def _summed(calls: QuerySet[Call], *keys: str) -> Iterable[dict[str, Any]]:
    rows: Iterable[dict[str, Any]] = (
        calls.values(*keys, "currency")
        .annotate(
            calls=Count("pk"),
            read=Coalesce(Sum("prompt_tokens"), 0),
            written=Coalesce(Sum("completion_tokens"), 0),
            guessed=Count("pk", filter=Q(cost_basis=Basis.ESTIMATED)),
            paid=Sum("cost"),
        )
        .order_by()
    )
    return rows


def _added(name: str, rows: Iterable[dict[str, Any]]) -> Total:
    total = Total(name)
    for row in rows:
        total.add(row)
    return total


def _of_days(period: Period) -> list[Total]:
    """The database is asked by hours, as its own text of them: to reckon each call's day in a time
    zone takes SQLite five times as long, and holds up this process's other threads meanwhile."""
    length = HOUR if _has_whole_hours(period) else MINUTE
    hour = Left(Cast("created_at", CharField()), length)
    days = {day: Total(day.isoformat()) for day in period.days}
    for row in _summed(_calls(period).annotate(hour=hour), "hour"):
        days[_local_date(row["hour"])].add(row)
    return list(days.values())


def _has_whole_hours(period: Period) -> bool:
    """Whether every day here begins with an hour of UTC."""
    return not any(timezone.localtime(_noon(day)).minute for day in period.days)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _local_date(hour: str) -> date:
    at = datetime.fromisoformat(hour if len(hour) > HOUR else f"{hour}:00")
    return timezone.localdate(at.replace(tzinfo=UTC))
