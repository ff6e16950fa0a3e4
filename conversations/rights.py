"""The look at whether those may still come in whose sockets are open or for whom answers are
being written.

A change may have been made by another process while no Redis was there to tell it, or by a
command in a terminal: what the database holds counts. To leave stops no answer; to be disabled
or deleted does, since nobody is there any more whom it could be for, and each word costs.
"""

import asyncio
import logging
from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import Error
from django.utils import timezone

from conversations.generation import hub, store
from conversations.generation.run import Run
from conversations.models.generation import State
from conversations.sockets import COME_BACK, Admission, admissions

logger = logging.getLogger(__name__)

EVERY_S = 0.5

# Password, is_staff, is_superuser of each user who is active.
Standing = dict[int, tuple[str, bool, bool]]


async def keep_looking() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await end_what_may_not_be()
        except Error as error:
            logger.warning("looking at who may stay failed: %s", error)
        except Exception:
            # Of one socket, perhaps; the others are looked at again in a second.
            logger.exception("looking at who may stay failed")


async def end_what_may_not_be() -> None:
    """Close every socket of this process whose admission no longer holds, and stop the answers
    of those who can no longer come in at all."""
    sockets, runs = admissions(), _runs()
    if not (sockets or runs):
        return
    owners = {run.order.owner_id for run in runs}
    ended, gone = await store.reading(look, set(sockets.values()), owners)
    for run in runs:
        if run.order.owner_id in gone:
            run.end(State.STOPPED)
    for socket, admission in sockets.items():
        if admission in ended:
            await socket.close(COME_BACK)


def look(
    admitted: Collection[Admission], owners: Collection[int]
) -> tuple[set[Admission], set[int]]:
    """The admissions that no longer hold: another password, other rights, no longer active,
    logged out. And of these owners of answers those who are disabled or deleted."""
    standing = _standing({each.user_id for each in admitted} | set(owners))
    sessions = _sessions({each.session_key for each in admitted if each.session_key})
    ended = {
        each
        for each in admitted
        if standing.get(each.user_id) != (each.password, each.is_staff, each.is_superuser)
        or each.session_key not in sessions
    }
    return ended, set(owners) - standing.keys()


def _runs() -> list[Run]:
    return [run for run in map(hub.find, hub.alive()) if run]


def _standing(users: Collection[int]) -> Standing:
    active = get_user_model().objects.filter(pk__in=users, is_active=True)
    rows = active.values_list("pk", "password", "is_staff", "is_superuser")
    return {pk: (password, staff, superuser) for pk, password, staff, superuser in rows}


def _sessions(keys: Collection[str]) -> set[str | None]:
    """Those that hold, and none at all: whoever came without one has no other to lose."""
    if not keys:
        return {None}
    found = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {None, *found.values_list("session_key", flat=True)}
