"""What the desk says at a glance: of each part only to who may look at that part."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatsite.models import SignupRequest, User
from chatsite.usage.amounts import amounts
from chatsite.usage.period import Period
from chatsite.usage.totals import By, Total, totals, whole
from providers.models import Model, Provider
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
    days = totals(Period.of_last(max(SPANS)), By.DAY)
    return [_span(whole(days[-count:]), count) for count in SPANS]


def _span(total: Total, days: int) -> Span:
    cost = amounts(total.costs)
    return Span(SPANS[days], Period.of_last(days), total.calls, total.failed, cost)
