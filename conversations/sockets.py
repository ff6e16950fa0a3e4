"""The open sockets of this process, so that those of someone who may no longer come in are closed.

A socket is let in once, by its session. When a user logs out, or is changed in any way that may
end sessions (a new password, no longer active, deleted), all sockets of that user are closed: the
pages that may, come back by themselves and are let in anew.
"""

import asyncio
from collections import defaultdict
from typing import Any, Protocol
from weakref import WeakSet

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save

from conversations import metrics

# With this code a page comes back at once.
COME_BACK = 4000


class Socket(Protocol):
    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...
    async def close(self, code: int) -> None: ...


_open: defaultdict[int, WeakSet[Socket]] = defaultdict(WeakSet)


def opened(user_id: int, socket: Socket) -> None:
    _open[user_id].add(socket)


def closed(user_id: int, socket: Socket) -> None:
    _open[user_id].discard(socket)
    if not _open[user_id]:
        del _open[user_id]


def count_all() -> int:
    """From any thread."""
    return sum(map(len, list(_open.values())))


def close_all_of(user_id: int | None) -> None:
    """From any thread."""
    for socket in list(_open.get(user_id, ())) if user_id else ():
        asyncio.run_coroutine_threadsafe(socket.close(COME_BACK), socket.loop)


def watch_users() -> None:
    """Once, when the site is set up."""
    user_logged_out.connect(_left, dispatch_uid="sockets")
    post_save.connect(_changed, sender=get_user_model(), dispatch_uid="sockets")
    post_delete.connect(_changed, sender=get_user_model(), dispatch_uid="sockets")


def _left(user: Any = None, **_: Any) -> None:
    close_all_of(user.pk if user else None)


def _changed(instance: Any, update_fields: Any = None, **_: Any) -> None:
    # A log-in notes its time in the row, and ends nothing.
    if set(update_fields or ()) != {"last_login"}:
        close_all_of(instance.pk)


metrics.SOCKETS.set_function(count_all)
