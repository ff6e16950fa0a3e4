"""The look at whether those whose sockets are open may still come in.

A change may have been made by another process while no Redis was there to tell it, or by a
command in a terminal: what the database holds counts.
"""

import asyncio
import logging
from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import Error
from django.utils import timezone

from conversations.generation import store
from conversations.sockets import COME_BACK, Admission, admissions

logger = logging.getLogger(__name__)

EVERY_S = 1.0


async def keep_looking() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await close_those_who_may_not()
        except Error as error:
            logger.warning("looking at who may stay failed: %s", error)
        except Exception:
            # Of one socket, perhaps; the others are looked at again in a second.
            logger.exception("looking at who may stay failed")


async def close_those_who_may_not() -> None:
    """End every socket of this process whose admission no longer holds."""
    sockets = admissions()
    if not sockets:
        return
    ended = await store.reading(ended_among, set(sockets.values()))
    for socket, admission in sockets.items():
        if admission in ended:
            await socket.close(COME_BACK)


def ended_among(admitted: Collection[Admission]) -> set[Admission]:
    """The admissions that no longer hold: another password, no longer active, logged out."""
    users = get_user_model().objects.filter(
        pk__in={each.user_id for each in admitted}, is_active=True
    )
    passwords = dict(users.values_list("pk", "password"))
    keys = {each.session_key for each in admitted if each.session_key}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    standing = {None, *sessions.values_list("session_key", flat=True)}
    return {
        each
        for each in admitted
        if passwords.get(each.user_id) != each.password or each.session_key not in standing
    }
