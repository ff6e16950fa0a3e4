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

from chatsite.models import User
from chatsite.usage.period import Period
from providers.models import Call, Outcome
from providers.models.call import Basis

# As the ledger has them; SQLite adds up in floating point, which is exact to more than these.
PLACES = Decimal(1).scaleb(-9)
# Of a moment as text, and the minutes that are the same in it: "2026-03-01 17" is an hour,
# "2026-03-01 17:3" are ten minutes.
LENGTHS = {60: 13, 10: 15, 1: 16}
MIDNIGHT = "0000-00-00 00:00"


COUNTS = ("calls", "failed", "read", "written", "guessed", "unpriced", "uncounted")


class By(StrEnum):
    DAY = "day"
    MODEL = "model"
    USER = "user"
    CONVERSATION = "conversation"


@dataclass(slots=True)
class Total:
    """`costs` by currency; `guessed` are the calls whose cost was estimated, `uncounted` those
    whose tokens were, `unpriced` those of which no cost is known. `url` leads to what it is of."""

    name: str
    calls: int = 0
    failed: int = 0
    read: int = 0
    written: int = 0
    guessed: int = 0
    unpriced: int = 0
    uncounted: int = 0
    costs: dict[str, Decimal] = field(default_factory=dict)
    url: str = ""

    def add(self, row: dict[str, Any]) -> None:
        self.calls += row["calls"]
        self.failed += row["failed"]
        self.read += row["read"]
        self.written += row["written"]
        self.guessed += row["guessed"]
        self.uncounted += row["uncounted"]
        if not row["currency"]:
            self.unpriced += row["calls"]
        elif row["paid"] is not None:
            paid = self.costs.get(row["currency"], Decimal(0)) + row["paid"]
            self.costs[row["currency"]] = paid.quantize(PLACES)


def totals(period: Period, by: By, calls: QuerySet[Call] | None = None) -> list[Total]:
    """Of these calls, or of the whole site's. Days in their order, also those without a call;
    models and users by calls, most first. One query, or two for users; bounded by the period."""
    all_calls = Call.objects.all() if calls is None else calls
    within = all_calls.filter(created_at__gte=period.begins, created_at__lt=period.ends)
    if by is By.DAY:
        return _of_days(period, within)
    key = "model_name" if by is By.MODEL else "user_id"
    found: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in _summed(within, key):
        found[row[key]].append(row)
    names = _names_of_users(found) if by is By.USER else {}
    parts = [_added(names.get(each, each), rows) for each, rows in found.items()]
    return most_called_first(parts)


def most_called_first(parts: Iterable[Total]) -> list[Total]:
    return sorted(parts, key=lambda part: (-part.calls, part.name))


def whole(parts: Iterable[Total], name: str = "") -> Total:
    total = Total(name)
    for part in parts:
        for each in COUNTS:
            setattr(total, each, getattr(total, each) + getattr(part, each))
        for currency, amount in part.costs.items():
            total.costs[currency] = total.costs.get(currency, Decimal(0)) + amount
    return total


def sums(failed: Q) -> dict[str, Any]:
    """What the database adds up of each part, as `Total.add` takes it; of calls, or of answers,
    which have the same columns but for what tells that they `failed`."""
    return {
        "calls": Count("pk"),
        "failed": Count("pk", filter=failed),
        "read": Coalesce(Sum("prompt_tokens"), 0),
        "written": Coalesce(Sum("completion_tokens"), 0),
        "guessed": Count("pk", filter=Q(cost_basis=Basis.ESTIMATED)),
        "uncounted": Count("pk", filter=Q(tokens_basis=Basis.ESTIMATED)),
        "paid": Sum("cost"),
    }


def _summed(calls: QuerySet[Call], *keys: str) -> Iterable[dict[str, Any]]:
    rows: Iterable[dict[str, Any]] = (
        calls.values(*keys, "currency").annotate(**sums(Q(outcome=Outcome.FAILED))).order_by()
    )
    return rows


def _added(name: str, rows: Iterable[dict[str, Any]]) -> Total:
    total = Total(name)
    for row in rows:
        total.add(row)
    return total


def _names_of_users(keys: Iterable[int | None]) -> dict[int | None, str]:
    """Asked apart: to join them to each call costs as much as all the rest."""
    names: dict[int | None, str] = {None: _("deleted users")}
    names.update(
        User.objects.filter(pk__in=[pk for pk in keys if pk]).values_list("pk", "username")
    )
    return names


def _of_days(period: Period, calls: QuerySet[Call]) -> list[Total]:
    """The database is asked by hours, as its own text of them: to reckon each call's day in a time
    zone takes SQLite five times as long, and holds up this process's other threads meanwhile."""
    moment = Left(Cast("created_at", CharField()), LENGTHS[_minutes_alike(period)])
    days = {day: Total(day.isoformat()) for day in period.days}
    for row in _summed(calls.annotate(moment=moment), "moment"):
        days[_local_date(row["moment"])].add(row)
    return list(days.values())


def _minutes_alike(period: Period) -> int:
    """How many minutes at most belong to one day all together: in a few countries a day does not
    begin with an hour of UTC, in one of them only in winter."""
    minutes = {Period(day, day).begins.astimezone(UTC).minute for day in period.days}
    minutes.add(period.ends.astimezone(UTC).minute)
    return next(length for length in LENGTHS if not any(minute % length for minute in minutes))


def _local_date(moment: str) -> date:
    at = datetime.fromisoformat(moment + MIDNIGHT[len(moment) :])
    return timezone.localdate(at.replace(tzinfo=UTC))
