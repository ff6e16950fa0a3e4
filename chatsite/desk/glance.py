"""What the desk says at a glance: of each part only to who may look at that part."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatsite.desk.amounts import amounts
from chatsite.desk.period import Period
from chatsite.desk.usage import PLACES
from chatsite.models import SignupRequest, User
from providers.models import Call, Model, Provider
from providers.standing import Standing, State, standings

MAY_SEE_REQUESTS = "chatsite.view_signuprequest"
MOST_PROVIDERS = 50
SPANS = {1: _("Today"), 7: _("7 days"), 30: _("30 days")}
# What needs somebody stands first.
_FIRST = [State.FAILING, State.WELL, State.UNASKED, State.OFF]


@dataclass(frozen=True, slots=True)
class Line:
    provider: Provider
    standing: Standing


@dataclass(frozen=True, slots=True)
class Span:
    """`cost` has each currency by itself, and is '' where nothing was due."""

    name: Promise
    period: Period
    calls: int
    failed: int
    cost: str


@dataclass(frozen=True, slots=True)
class People:
    active: int
    came_lately: int


@dataclass(frozen=True, slots=True)
class Glance:
    """None where the user may not look."""

    providers: list[Line] | None
    unpriced: int | None
    people: People | None
    asking: int | None
    spans: list[Span] | None


def glance(user: User | AnonymousUser) -> Glance:
    return Glance(
        providers=_providers() if user.has_perm("providers.view_provider") else None,
        unpriced=_unpriced() if user.has_perm("providers.view_model") else None,
        people=_people() if user.has_perm("chatsite.view_user") else None,
        asking=SignupRequest.objects.count() if user.has_perm(MAY_SEE_REQUESTS) else None,
        spans=_spans() if user.has_perm("providers.view_call") else None,
    )


def _providers() -> list[Line]:
    found = list(Provider.objects.select_related("owner").order_by("name")[:MOST_PROVIDERS])
    known = standings(found)
    lines = [Line(provider, known[provider.pk]) for provider in found]
    return sorted(lines, key=lambda line: _FIRST.index(line.standing.state))


def _unpriced() -> int:
    return Model.objects.offered().unpriced().count()


def _people() -> People:
    lately = timezone.now() - timedelta(days=7)
    active = User.objects.filter(is_active=True)
    counts = active.aggregate(
        active=Count("pk"), came_lately=Count("pk", filter=Q(last_login__gte=lately))
    )
    return People(**counts)


def _spans() -> list[Span]:
    """One query for all of them."""
    periods = {days: Period.of_last(days) for days in SPANS}
    sums: dict[str, Any] = {}
    for days, period in periods.items():
        within = Q(created_at__gte=period.begins)
        sums[f"calls_{days}"] = Count("pk", filter=within)
        sums[f"failed_{days}"] = Count("pk", filter=within & Q(outcome="failed"))
        sums[f"paid_{days}"] = Sum("cost", filter=within)
    longest = periods[max(SPANS)]
    lately = Call.objects.filter(created_at__gte=longest.begins)
    rows: list[Any] = list(lately.values("currency").annotate(**sums).order_by())
    return [_span(rows, days, period) for days, period in periods.items()]


def _span(rows: list[Any], days: int, period: Period) -> Span:
    paid: dict[str, Decimal] = {
        row["currency"]: row[f"paid_{days}"].quantize(PLACES) for row in rows if row[f"paid_{days}"]
    }
    calls, failed = (sum(row[f"{what}_{days}"] for row in rows) for what in ("calls", "failed"))
    return Span(SPANS[days], period, calls, failed, amounts(paid))
