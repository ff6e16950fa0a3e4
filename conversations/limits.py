"""How much one user may ask at once and in a time, so that the others notice nothing of it.

Runs are counted in the database. Messages, bytes and sockets are counted in memory, by each
process for itself: that costs no query, and a process that starts again begins at nothing.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations import sockets
from conversations.flow import Allowance
from conversations.generation import draining
from conversations.models import Generation

# Of those who asked last; who comes back after so many others begins anew.
USERS_REMEMBERED = 10_000
MINUTE_S, DAY_S = 60.0, 86_400.0
RESTART_S = 5
TOMORROW_S = 3600


class NotNow(Exception):
    """Why nothing is begun at the moment, in the user's words; `status` is that of HTTP."""

    def __init__(self, words: str, status: int, retry_after_s: int) -> None:
        super().__init__(words)
        self.status, self.retry_after_s = status, retry_after_s


@dataclass(frozen=True, slots=True)
class _Allowances:
    messages: Allowance
    kilobytes: Allowance
    drafts: Allowance


_users: OrderedDict[int, _Allowances] = OrderedDict()
_lock = Lock()


def check_asking(user_id: int) -> None:
    """Count one question, or raise NotNow."""
    if draining.has_begun():
        words = _("The server is about to restart. Wait a few seconds, then try again.")
        raise NotNow(words, 503, RESTART_S)
    with _lock:
        has_room = _allowances_of(user_id).messages.take(monotonic())
    if not has_room:
        words = _("You sent many messages in a short time. Wait a moment, then try again.")
        raise NotNow(words, 429, round(MINUTE_S / settings.LIMIT_MESSAGES_PER_MINUTE) + 1)


def give_back(user_id: int) -> None:
    """Count one question less: it was only delivered once more."""
    with _lock:
        _allowances_of(user_id).messages.take(monotonic(), -1)


def check_sending(user_id: int, size: int) -> None:
    """Count so many bytes that a service is sent, or raise NotNow."""
    with _lock:
        fits = _allowances_of(user_id).kilobytes.take(monotonic(), size / 1024)
    if not fits:
        raise NotNow(_too_much(), 429, TOMORROW_S)


def check_drafting(user_id: int, size: int) -> None:
    """Count a draft of so many bytes, and one kilobyte for the work that even an empty one is; or
    raise NotNow."""
    with _lock:
        fits = _allowances_of(user_id).drafts.take(monotonic(), 1 + size / 1024)
    if not fits:
        raise NotNow(_too_much(), 429, TOMORROW_S)


def check_running(running: int) -> None:
    """Raise NotNow where the user has so many answers in the making that there is no further."""
    limit = settings.LIMIT_RUNS
    if limit and running >= limit:
        words = ngettext(
            "%(limit)d answer is being written for you. Wait for it, or stop it first.",
            "%(limit)d answers are being written for you. Wait for one, or stop one first.",
            limit,
        )
        raise NotNow(words % {"limit": limit}, 429, RESTART_S)


def has_room_for_socket(user_id: int) -> bool:
    return not settings.LIMIT_SOCKETS or sockets.count(user_id) < settings.LIMIT_SOCKETS


def running_conversations(user_id: int) -> list[UUID]:
    """The user's conversations in which an answer is being written, in the one query that finds
    the few that are: it must not begin with the user, who may have thousands."""
    owned = Generation.objects.running().owned_by_user(user_id)
    return list(owned.values_list("message__conversation_id", flat=True))


def _too_much() -> str:
    return _("You sent as much text as one day allows. Try again in some hours.")


def _allowances_of(user_id: int) -> _Allowances:
    if user_id not in _users:
        per_minute, per_day = settings.LIMIT_MESSAGES_PER_MINUTE, settings.LIMIT_MB_PER_DAY * 1024
        _users[user_id] = _Allowances(
            Allowance(per_minute, per_minute / MINUTE_S),
            Allowance(per_day, per_day / DAY_S),
            Allowance(per_day, per_day / DAY_S),
        )
        while len(_users) > USERS_REMEMBERED:
            _users.popitem(last=False)
    _users.move_to_end(user_id)
    return _users[user_id]
