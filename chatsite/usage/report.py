"""What was asked for of the figures, and how a page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.usage.amounts import amounts, grouped
from chatsite.usage.chart import charts
from chatsite.usage.conversations import totals_of_conversations
from chatsite.usage.period import Period
from chatsite.usage.totals import By, Total, totals, whole
from providers.models import Call

# The rest is in the CSV.
MOST_ROWS = 366
PRESETS = (7, 30, 90, 365)
NAMES = {
    By.DAY: gettext_lazy("day"),
    By.MODEL: gettext_lazy("model"),
    By.USER: gettext_lazy("user"),
    By.CONVERSATION: gettext_lazy("chat"),
}
OF_THE_SITE = (By.DAY, By.MODEL, By.USER)
OF_ONE_USER = (By.DAY, By.MODEL, By.CONVERSATION)


@dataclass(frozen=True, slots=True)
class Report:
    """`choices` are the parts that it may be divided by."""

    period: Period
    by: By
    choices: Sequence[By]
    parts: Sequence[Total]


def report(fields: Mapping[str, str], user: AbstractBaseUser | None = None) -> Report:
    """As `?by=…&first=…&last=…` asks for it, of this user's own or of the whole site's."""
    choices = OF_ONE_USER if user else OF_THE_SITE
    asked = fields.get("by", "")
    by = By(asked) if asked in choices else By.DAY
    period = Period.asked_for(fields)
    if user and by is By.CONVERSATION:
        return Report(period, by, choices, totals_of_conversations(period, user))
    calls = Call.objects.filter(user_id=user.pk) if user else None
    return Report(period, by, choices, totals(period, by, calls))


def shown(asked: Report) -> dict[str, Any]:
    """What `usage/_figures.html` is made of."""
    named = [replace(part, name=_readable(part.name, asked.by)) for part in asked.parts]
    total = whole(asked.parts, _("Total"))
    return {
        "period": asked.period,
        "by": asked.by,
        "choices": [(each, NAMES[each]) for each in asked.choices],
        "presets": [(days, Period.of_last(days)) for days in PRESETS],
        "name_of_part": NAMES[asked.by],
        "charts": charts(named, total, are_days=asked.by is By.DAY),
        "rows": [_row(part) for part in [*named[:MOST_ROWS], total]] if total.calls else [],
        "more": max(0, len(named) - MOST_ROWS),
    }


def _readable(name: str, by: By) -> str:
    return date_format(date.fromisoformat(name)) if by is By.DAY else name


def _row(part: Total) -> dict[str, Any]:
    counts = {each: grouped(getattr(part, each)) for each in ("calls", "failed", "read", "written")}
    cost = amounts(part.costs)
    return {
        **counts,
        "name": part.name,
        "url": part.url,
        "cost": cost,
        "is_guessed": bool(cost and part.guessed),
        "is_uncounted": bool(part.uncounted),
        "unpriced": grouped(part.unpriced) if part.unpriced else "–",
    }
