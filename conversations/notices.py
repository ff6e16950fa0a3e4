"""The way of an answer in words: which route failed and why, and which one answers."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from providers.errors import ErrorKind
from providers.routing_events import Answered, Rerouted
from providers.words import words


def notice_text(notice: Rerouted | Answered) -> str:
    """What a reader is told while the answer has not begun."""
    if isinstance(notice, Answered):
        return _("%(route)s answers.") % {"route": notice.route}
    failed = failure_text(notice.route, notice.kind)
    if notice.waits_s < 1:
        return failed + " " + _("Asking %(route)s.") % {"route": notice.next}
    following = _("Asking %(route)s in %(seconds)d s.")
    return failed + " " + following % {"route": notice.next, "seconds": round(notice.waits_s)}


def failure_text(route: str, kind: str) -> str:
    return f"{route}: {words(ErrorKind(kind)).message}"


def tried_texts(tried: Iterable[Mapping[str, str]]) -> list[str]:
    """Of a finished answer: each route that failed before, once."""
    return list(dict.fromkeys(failure_text(each["route"], each["kind"]) for each in tried))
