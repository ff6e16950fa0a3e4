"""Runs whose process has gone: found at start and ever after, and given their end state.

A process renews the leases of its runs each 0.6 s. Whoever looks does not compare them with a
clock, since clocks differ and jump and machines sleep; it only sees whether they move. What many
looks in a row found unmoved has nobody any more. Looks are counted and not seconds: while the
database was away, or this machine asleep, there were none, and nobody could renew anything.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import Error

from conversations.generation import hub, store

logger = logging.getLogger(__name__)

# From the last sign of life to the end state: eight seconds at the most.
EVERY_S = 1.0
LOOKS = 6


class Pulse:
    """What was seen of the leases of others, and for how many looks in a row unmoved."""

    def __init__(self) -> None:
        self._seen: dict[UUID, tuple[datetime, int]] = {}

    def look(
        self, leases: Mapping[UUID, datetime], alive: Collection[UUID]
    ) -> list[tuple[UUID, datetime]]:
        """The answers, each with its lease, that nobody writes any more.

        Never those that are `alive` here, however long this process was away.
        """
        before, self._seen = self._seen, {}
        for answer_id, lease in leases.items():
            if answer_id not in alive:
                known, looks = before.get(answer_id, (lease, -1))
                self._seen[answer_id] = (lease, looks + 1 if known == lease else 0)
        return [(answer, lease) for answer, (lease, looks) in self._seen.items() if looks >= LOOKS]


async def keep_looking() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    pulse = Pulse()
    while True:
        try:
            await _look(pulse)
        except Error as error:
            logger.warning("looking for abandoned runs failed: %s", error)
        except Exception:
            logger.exception("looking for abandoned runs failed")
        await asyncio.sleep(EVERY_S)


async def _look(pulse: Pulse) -> None:
    leases = await store.reading(store.leases)
    for answer_id, lease in pulse.look(leases, hub.alive()):
        if await store.writing(store.interrupt, answer_id, lease):
            logger.warning("run of answer %s was abandoned and is interrupted now", answer_id)
