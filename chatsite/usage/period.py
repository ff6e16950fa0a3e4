"""From which day to which: what a page of figures is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.utils import timezone

USUAL_DAYS = 30
# More would be a chart that nobody can read, and a query without an end.
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the site's time zone, both included."""

    first: date
    last: date

    @classmethod
    def of_last(cls, days: int) -> Self:
        today = timezone.localdate()
        return cls(today - timedelta(days=days - 1), today)

    @classmethod
    def asked_for(cls, fields: Mapping[str, str]) -> Self:
        """`first` and `last` as dates; what is missing or nonsense is as usual."""
        usual = cls.of_last(USUAL_DAYS)
        last = min(_date(fields.get("last")) or usual.last, usual.last)
        first = _date(fields.get("first")) or last - timedelta(days=USUAL_DAYS - 1)
        first, last = min(first, last), max(first, last)
        return cls(max(first, last - timedelta(days=MOST_DAYS - 1)), last)

    @property
    def days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """Not included."""
        return _midnight(self.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    # A year that no time zone can reckon with is nonsense too.
    return found if 1971 <= found.year <= 9000 else None
