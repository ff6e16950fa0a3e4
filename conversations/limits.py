"""How much one user may ask at once and in a time, so that the others notice nothing of it.

Runs are counted in the database, but for those that are stored nowhere. These, and messages, bytes
and sockets, are counted in memory, by each process for itself: that costs no query, and a process
that starts again begins at nothing. How much it may be is `allowed`.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations import sockets
from conversations.allowed import Allowed, allowed_to, known_to_be_allowed
from conversations.flow import Allowance
from conversations.generation import draining, unstored
from conversations.models import Generation
from conversations.models.queued import Held

# Of those who asked last; who comes back after so many others begins anew.
USERS_REMEMBERED = 10_000
MINUTE_S, DAY_S = 60.0, 86_400.0
RESTART_S = 5
TOMORROW_S = 3600


class NotNow(Exception):
    """Why nothing is begun at the moment, in the user's words; `status` is that of HTTP, `held`
    what a message that waits is told to wait for: nothing, where another process may send it."""

    def __init__(self, words: str, status: int, retry_after_s: int, held: str = "") -> None:
        super().__init__(words)
        self.status, self.retry_after_s, self.held = status, retry_after_s, held


@dataclass(frozen=True, slots=True)
class _Allowances:
    allowed: Allowed
    messages: Allowance
    kilobytes: Allowance
    drafts: Allowance


_users: OrderedDict[int, _Allowances] = OrderedDict()
_lock = Lock()


def check_asking(user_id: int, count: int = 1, *, is_counted: bool = True) -> None:
    """Count a question, or one for each answer that it asks for, unless this only looks; or raise
    NotNow."""
    if draining.has_begun():
        words = _("The server is about to restart. Wait a few seconds, then try again.")
        raise NotNow(words, 503, RESTART_S)
    allowed = allowed_to(user_id)
    with _lock:
        messages = _allowances_of(user_id, allowed).messages
        has_room = (messages.take if is_counted else messages.has)(monotonic(), count)
    if not has_room:
        words = _("You sent many messages in a short time. Wait a moment, then try again.")
        seconds = round(MINUTE_S / allowed.messages_per_minute) + 1
        raise NotNow(words, 429, seconds, Held.MINUTE)


def give_back(user_id: int, count: int = 1) -> None:
    """Count as many less: it was only delivered once more."""
    allowed = allowed_to(user_id)
    with _lock:
        _allowances_of(user_id, allowed).messages.take(monotonic(), -count)


def check_sending(user_id: int, size: int, *, is_counted: bool = True) -> None:
    """Count so many bytes that a service is sent, unless this only looks; or raise NotNow."""
    allowed = allowed_to(user_id)
    with _lock:
        kilobytes = _allowances_of(user_id, allowed).kilobytes
        fits = (kilobytes.take if is_counted else kilobytes.has)(monotonic(), size / 1024)
    if not fits:
        raise NotNow(_too_much(), 429, TOMORROW_S, Held.DAY)


def check_drafting(user_id: int, size: int) -> None:
    """Count a draft of so many bytes, and one kilobyte for the work that even an empty one is; or
    raise NotNow."""
    allowed = allowed_to(user_id)
    with _lock:
        fits = _allowances_of(user_id, allowed).drafts.take(monotonic(), 1 + size / 1024)
    if not fits:
        raise NotNow(_too_much(), 429, TOMORROW_S, Held.DAY)


def check_running(user_id: int, running: int, more: int = 1) -> None:
    """Raise NotNow where the user has so many answers in the making that so many more are too
    many; those that are stored nowhere count, in this process, beside the `running` ones."""
    limit = allowed_to(user_id).runs
    if limit and running + unstored.count_of(user_id) + more > limit:
        words = _too_many_at_once(limit) if more > 1 else _no_further(limit)
        raise NotNow(words, 429, RESTART_S, Held.RUNS)


def has_room_for_socket(user_id: int) -> bool:
    limit = known_to_be_allowed(user_id).sockets
    return not limit or sockets.count(user_id) < limit


def running_answers_of(user_id: int) -> list[UUID]:
    """The user's answers that are being written, in the one query that finds the few that are: it
    must not begin with the user, who may have thousands of conversations."""
    owned = Generation.objects.running().owned_by_user(user_id)
    return list(owned.values_list("message_id", flat=True))


def _no_further(limit: int) -> str:
    words = ngettext(
        "%(limit)d answer is being written for you. Wait for it, or stop it first.",
        "%(limit)d answers are being written for you. Wait for one, or stop one first.",
        limit,
    )
    return words % {"limit": limit}


def _too_many_at_once(limit: int) -> str:
    words = ngettext(
        "You may have %(limit)d answer at once. Ask one model, or wait for the others.",
        "You may have %(limit)d answers at once. Pick fewer models, or wait for the others.",
        limit,
    )
    return words % {"limit": limit}


def _too_much() -> str:
    return _("You sent as much text as one day allows. Try again in some hours.")


def _allowances_of(user_id: int, allowed: Allowed) -> _Allowances:
    known = _users.get(user_id)
    if known is None or known.allowed != allowed:
        per_minute, per_day = allowed.messages_per_minute, allowed.mb_per_day * 1024
        known = _users[user_id] = _Allowances(
            allowed,
            Allowance(per_minute, per_minute / MINUTE_S),
            Allowance(per_day, per_day / DAY_S),
            Allowance(per_day, per_day / DAY_S),
        )
        while len(_users) > USERS_REMEMBERED:
            _users.popitem(last=False)
    _users.move_to_end(user_id)
    return known
