"""The open sockets of a process, which its loop and its pages' threads both look through."""

import asyncio
import sys
import time

from chatsite.models import User
from conversations import sockets


class Open:
    """A socket that notes whether it was closed."""

    def __init__(self) -> None:
        self.loop, self.is_closed = asyncio.get_running_loop(), False

    async def close(self, code: int) -> None:
        self.is_closed = True

    async def hear(self, news: sockets.News) -> None:
        pass


async def test_whoever_logs_out_while_sockets_come_and_go_is_logged_out() -> None:
    user, staying = User(pk=10**6), Open()
    sockets.opened(user, None, staying)
    leaving = asyncio.create_task(asyncio.to_thread(_leave_slowly, user))
    while not leaving.done():
        _come_and_go(user)
        await asyncio.sleep(0)
    await leaving
    assert staying.is_closed
    sockets.closed(user.pk, staying)


def _leave_slowly(user: User) -> None:
    """The other threads get their turn at each call and each return on the way."""
    sys.setprofile(lambda *_: time.sleep(0.001))
    try:
        sockets.close_all_of(user.pk)
    finally:
        sys.setprofile(None)


def _come_and_go(user: User) -> None:
    coming = [Open() for _ in range(5)]
    for socket in coming:
        sockets.opened(user, None, socket)
        time.sleep(0.001)
    for socket in coming:
        sockets.closed(user.pk, socket)
