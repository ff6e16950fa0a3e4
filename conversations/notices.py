"""The way of an answer in words: which route failed and why, and which one answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from providers.errors import ErrorKind, WrongBase
from providers.labels import without_hint
from providers.routing_events import Answered, Rerouted
from providers.words import words


def notice_text(notice: Rerouted | Answered) -> str:
    """What a reader is told while the answer has not begun."""
    if isinstance(notice, Answered):
        return _("%(route)s answers.") % {"route": without_hint(notice.route)}
    failed = failure_text(without_hint(notice.route), notice.kind, notice.wrong_base)
    following = without_hint(notice.next)
    if notice.waits_s < 1:
        return failed + " " + _("Asking %(route)s.") % {"route": following}
    told = _("Asking %(route)s in %(seconds)d s.")
    return failed + " " + told % {"route": following, "seconds": round(notice.waits_s)}


def failure_text(route: str, kind: str, wrong_base: WrongBase | None = None) -> str:
    return f"{route}: {words(ErrorKind(kind), wrong_base).message}"


def tried_texts(
    tried: Iterable[Mapping[str, Any]], label: Callable[[str], str] = without_hint
) -> list[str]:
    """Of a finished answer: each route that failed before, once, called by its `label`."""
    told = (
        failure_text(label(each["route"]), each["kind"], WrongBase.of(each.get("wrong_base")))
        for each in tried
    )
    return list(dict.fromkeys(told))
