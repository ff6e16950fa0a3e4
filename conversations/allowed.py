"""What one user may have: the site's own limits, unless a group or the user has others.

A user's own say more than those of the groups; of several groups the most generous counts. They
are read once a minute for whoever asks something, and kept in memory meanwhile, so that a question
costs no query more. A change that this process makes counts at once, one of another within that
minute.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from conversations.models import Limits
from conversations.models.limits import FIELDS

KEPT_S = 60.0
USERS_REMEMBERED = 10_000

Values = tuple[int | None, ...]
_NOTHING_SAID: Values = (None,) * len(FIELDS)


@dataclass(frozen=True, slots=True)
class Allowed:
    """0 is no limit."""

    runs: int
    messages_per_minute: int
    mb_per_day: int
    sockets: int


@dataclass(frozen=True, slots=True)
class _Read:
    said: Values
    at: float


_read: OrderedDict[int, _Read] = OrderedDict()
_lock = Lock()


def allowed_to(user_id: int) -> Allowed:
    """With a query if the last one is more than a minute ago."""
    with _lock:
        read = _read.get(user_id)
    if read is None or monotonic() - read.at > KEPT_S:
        read = _Read(_said(user_id), monotonic())
        _keep(user_id, read)
    return _with_defaults(read.said)


def known_to_be_allowed(user_id: int) -> Allowed:
    """Without a query: for the event loop, where a page's user has just been looked up."""
    with _lock:
        read = _read.get(user_id)
    return _with_defaults(read.said if read else _NOTHING_SAID)


def forget_all() -> None:
    with _lock:
        _read.clear()


def _changed(**_: Any) -> None:
    forget_all()
    # Whoever read meanwhile has read what was before.
    transaction.on_commit(forget_all)


def _said(user_id: int) -> Values:
    own, of_groups = _NOTHING_SAID, []
    for user, *values in Limits.objects.of_user(user_id).values_list("user", *FIELDS):
        if user is None:
            of_groups.append(values)
        else:
            own = tuple(values)
    generous = [_most_generous(values) for values in zip(_NOTHING_SAID, *of_groups, strict=True)]
    return tuple(mine if mine is not None else of for mine, of in zip(own, generous, strict=True))


def _most_generous(values: Iterable[int | None]) -> int | None:
    said = [value for value in values if value is not None]
    return 0 if 0 in said else max(said, default=None)


def _with_defaults(said: Values) -> Allowed:
    defaults = (
        settings.LIMIT_RUNS,
        settings.LIMIT_MESSAGES_PER_MINUTE,
        settings.LIMIT_MB_PER_DAY,
        settings.LIMIT_SOCKETS,
    )
    own = zip(said, defaults, strict=True)
    return Allowed(*(default if value is None else value for value, default in own))


def _keep(user_id: int, read: _Read) -> None:
    with _lock:
        _read[user_id] = read
        _read.move_to_end(user_id)
        while len(_read) > USERS_REMEMBERED:
            _read.popitem(last=False)


_memberships = get_user_model().groups.through
for _signal in (post_save, post_delete):
    _signal.connect(_changed, sender=Limits, dispatch_uid="limits")
post_delete.connect(_changed, sender=Group, dispatch_uid="limits")
m2m_changed.connect(_changed, sender=_memberships, dispatch_uid="limits")
