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


class NotNow(Exception):
    """Why nothing is begun at the moment, in the user's words; `status` is that of HTTP."""

    def __init__(self, words: str, status: int, retry_after_s: int) -> None:
        super().__init__(words)
        self.status, self.retry_after_s = status, retry_after_s


@dataclass(frozen=True, slots=True)
class _Allowances:
    messages: Allowance
    kilobytes: Allowance


_users: OrderedDict[int, _Allowances] = OrderedDict()
_lock = Lock()


def check_asking(user_id: int, size: int) -> None:
    """Count one question of so many bytes, or raise NotNow."""
    if draining.has_begun():
        words = _("The server is about to restart. Wait a few seconds, then try again.")
        raise NotNow(words, 503, RESTART_S)
    now = monotonic()
    with _lock:
        allowances = _allowances_of(user_id)
        has_room = allowances.messages.take(now)
        fits = has_room and allowances.kilobytes.take(now, size / 1024)
    if not has_room:
        words = _("You sent many messages in a short time. Wait a moment, then try again.")
        raise NotNow(words, 429, round(MINUTE_S / settings.LIMIT_MESSAGES_PER_MINUTE) + 1)
    if not fits:
        words = _("You sent as much text as one day allows. Try again in some hours.")
        raise NotNow(words, 429, 3600)


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


def _allowances_of(user_id: int) -> _Allowances:
    if user_id not in _users:
        per_minute, per_day = settings.LIMIT_MESSAGES_PER_MINUTE, settings.LIMIT_MB_PER_DAY * 1024
        _users[user_id] = _Allowances(
            Allowance(per_minute, per_minute / MINUTE_S), Allowance(per_day, per_day / DAY_S)
        )
        while len(_users) > USERS_REMEMBERED:
            _users.popitem(last=False)
    _users.move_to_end(user_id)
    return _users[user_id]
