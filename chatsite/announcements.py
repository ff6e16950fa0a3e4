"""What is announced to whoever opens a page, and has not been closed in this browser.

Announcements are read twice a minute by each process and kept in memory, so that no page costs a
query for them. A change that this process makes is seen at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import Error, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from chatsite.models import Announcement

KEPT_S = 30.0
# Ids of what was closed last; nobody has more before them at once.
MOST_CLOSED = 30
CLOSED_FOR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Told:
    pk: int
    text: str
    level: str


@dataclass(slots=True)
class _Memory:
    announcements: Sequence[Announcement] = ()
    until: float = -1.0


_memory = _Memory()


def announcements(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Nothing is looked up before a template asks."""
    return {"announcements": partial(open_for, request)}


def open_for(request: HttpRequest) -> list[Told]:
    now, closed, language = timezone.now(), _closed(request), get_language() or ""
    return [
        Told(each.pk, each.told_in(language), each.level)
        for each in _all()
        if each.is_due(now) and str(each.pk) not in closed
    ]


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Not shown any more in this browser. Back to the page that it was closed on."""
    response = HttpResponse() if getattr(request, "htmx", False) else _back(request)
    response.set_cookie(
        settings.ANNOUNCEMENTS_COOKIE_NAME,
        ".".join([*_closed(request), str(pk)][-MOST_CLOSED:]),
        max_age=CLOSED_FOR_S,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def remember(found: Sequence[Announcement]) -> None:
    """That there are these and no others, for as long as is believed."""
    _memory.announcements, _memory.until = found, monotonic() + KEPT_S


def forget(**_: Any) -> None:
    _memory.until = -1.0
    # Whoever read meanwhile has read what was before.
    transaction.on_commit(_expire)


def _expire() -> None:
    _memory.until = -1.0


def _all() -> Sequence[Announcement]:
    if monotonic() > _memory.until:
        try:
            remember(list(_not_over()))
        except Error:
            # A page that tells what is wrong must not fail over what is announced.
            return ()
    return _memory.announcements


def _not_over() -> Any:
    now = timezone.now()
    return Announcement.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("begins_at")


def _closed(request: HttpRequest) -> list[str]:
    text = request.COOKIES.get(settings.ANNOUNCEMENTS_COOKIE_NAME, "")
    return [pk for pk in text.split(".") if pk.isdecimal()][-MOST_CLOSED:]


def _back(request: HttpRequest) -> HttpResponseRedirect:
    address = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()})
    return HttpResponseRedirect(address if is_ours else "/")


for _signal in (post_save, post_delete):
    _signal.connect(forget, sender=Announcement, dispatch_uid="announcements")
