"""The open sockets of this process, and the end of those whose user may no longer come in.

A socket is let in once, by its session. When a user logs out, or is changed in any way that may
end sessions or rights (a new password, no longer active, no longer staff, deleted), all sockets of
that user are closed: the pages that may, come back by themselves and are let in anew. A change in
this process is told by Django's signals, one in another by a hint; `rights` looks for what neither
has told.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from conversations import hints, metrics
from conversations.hints import Hint

News = dict[str, str]

# With this code a page comes back at once.
COME_BACK = 4000


class Socket(Protocol):
    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...
    async def close(self, code: int) -> None: ...
    async def hear(self, news: News) -> None:
        """What is new in the user's list; nothing depends on its arriving."""


@dataclass(frozen=True, slots=True)
class Admission:
    """By what a socket was let in, and what its frames may tell. `password` is the hash of it,
    which a new one changes."""

    user_id: int
    password: str
    is_staff: bool
    is_superuser: bool
    session_key: str | None

    @classmethod
    def of(cls, user: Any, session_key: str | None) -> "Admission":
        return cls(user.pk, user.password, user.is_staff, user.is_superuser, session_key)


_open: defaultdict[int, WeakKeyDictionary[Socket, Admission]] = defaultdict(WeakKeyDictionary)
# A page's thread looks through them while the loop's opens and closes some.
_lock = Lock()


def opened(user: Any, session: Any, socket: Socket) -> None:
    key = getattr(session, "session_key", None)
    with _lock:
        _open[user.pk][socket] = Admission.of(user, key)


def closed(user_id: int, socket: Socket) -> None:
    with _lock:
        _open[user_id].pop(socket, None)
        if not _open[user_id]:
            del _open[user_id]


def count(user_id: int) -> int:
    return len(_open.get(user_id, ()))


def count_all() -> int:
    """From any thread."""
    with _lock:
        return sum(map(len, _open.values()))


def admissions() -> dict[Socket, Admission]:
    """Of all open sockets of this process."""
    with _lock:
        return {socket: how for of_user in _open.values() for socket, how in of_user.items()}


def close_all_of(user_id: int) -> None:
    """In every process; from any thread."""
    _close_here(user_id)
    hints.tell("leave", user=user_id)


def tell_all_of(user_id: int, news: News) -> None:
    """In every process; from any thread."""
    _tell_here(user_id, news)
    hints.tell("news", user=user_id, news=news)


def hear_news(hint: Hint) -> None:
    _tell_here(int(hint["user"]), hint["news"])


def hear_leave(hint: Hint) -> None:
    _close_here(int(hint["user"]))


def watch_users() -> None:
    """Once, when the site is set up."""
    user_logged_out.connect(_left, dispatch_uid="sockets")
    post_save.connect(_changed, sender=get_user_model(), dispatch_uid="sockets")
    post_delete.connect(_changed, sender=get_user_model(), dispatch_uid="sockets")


def _close_here(user_id: int) -> None:
    with _lock:
        sockets = list(_open.get(user_id, ()))
    for socket in sockets:
        asyncio.run_coroutine_threadsafe(socket.close(COME_BACK), socket.loop)


def _tell_here(user_id: int, news: News) -> None:
    for socket in list(_open.get(user_id, ())):
        asyncio.run_coroutine_threadsafe(socket.hear(news), socket.loop)


def _left(user: Any = None, **_: Any) -> None:
    if user:
        close_all_of(user.pk)


def _changed(instance: Any, update_fields: Any = None, **_: Any) -> None:
    # A log-in notes its time in the row, and ends nothing.
    if set(update_fields or ()) != {"last_login"}:
        # Whoever came back before that would be let in by the rights of before.
        transaction.on_commit(partial(close_all_of, instance.pk))


metrics.SOCKETS.set_function(count_all)
