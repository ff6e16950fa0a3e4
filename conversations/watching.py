"""Word to an open page that its conversation has changed: in another tab, by another process.

A page says which conversation it shows, and its head. A look at the database every two seconds,
one for all pages of this process, finds those that show something else by now; what is changed
here is looked at once more at once, and where Redis is, in the other processes too.

A page is told nothing but the new head, and to which of its own that is the answer. It asks over
HTTP for what it lacks, then says its head again. Until that is the right one it is told again: no
single word has to arrive.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import DatabaseError, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from conversations import hints, sockets
from conversations.generation import store
from conversations.heads import heads
from conversations.hints import Hint
from conversations.models import Conversation

logger = logging.getLogger(__name__)

EVERY_S = 2.0
# Changes that follow each other closely are looked at together.
GATHER_S = 0.05
# Who is told so often and does nothing about it is hidden, and is told ever so seldom.
TIMES = 3
THEN_EVERY = 15


class Page(Protocol):
    async def tell(self, head: str, said: str) -> None:
        """`said` is what the page said, so that it can see whether it has gone on since."""


@dataclass(slots=True, eq=False)
class Watch:
    """Whose page it is, what it says that it shows, and how often it was told otherwise."""

    user_id: int
    head: str
    told: str = ""
    times: int = 0

    def has_to_be_told(self, head: str) -> bool:
        if head == self.head:
            self.told = ""
            return False
        self.times = self.times + 1 if head == self.told else 1
        self.told = head
        return self.times <= TIMES or self.times % THEN_EVERY == 0


_watches: defaultdict[UUID, WeakKeyDictionary[Page, Watch]] = defaultdict(WeakKeyDictionary)
_looker: "Looker | None" = None


def watch(page: Page, user_id: int, conversation_id: UUID, head: str) -> None:
    """From now on the page is told of every other head than this."""
    before = _watches[conversation_id].get(page)
    _watches[conversation_id][page] = Watch(user_id, head)
    if before and before.told not in ("", head):
        # It was told of more than what it has got to by now.
        _look_soon(conversation_id, least=1)


def unwatch(page: Page, conversation_id: UUID) -> None:
    _watches[conversation_id].pop(page, None)
    if not _watches[conversation_id]:
        del _watches[conversation_id]


def is_watched(conversation_id: UUID) -> bool:
    return conversation_id in _watches


def changed(conversation_id: UUID, *, by_page: bool = True) -> None:
    """Have it looked at in every process, from any thread, once the change is committed."""
    hints.tell("changed", conversation=str(conversation_id))
    # The page that did it has it in its answer: a look is for the others.
    _look_soon(conversation_id, least=2 if by_page else 1)


def list_changed(user_id: int) -> None:
    """Have the user's pages read their lists anew: more of them is another than one row."""
    sockets.tell_all_of(user_id, {"row": "all", "stamp": "anew"})


def hear_changed(hint: Hint) -> None:
    _look_soon(UUID(hint["conversation"]), least=1)


async def keep_looking() -> None:
    """Never returns; the server runs it as a task for as long as it lives."""
    global _looker
    _looker = Looker()
    await asyncio.gather(_looker.look_at_all(), _looker.look_at_changed())


async def look(conversation_ids: Collection[UUID]) -> None:
    """Tell each page of these conversations that shows another head than the database has."""
    shown = [
        (page, (watch.user_id, conversation_id), watch)
        for conversation_id in conversation_ids
        for page, watch in list(_watches_of(conversation_id).items())
    ]
    if not shown:
        return
    now = await store.reading(heads, {asked for _, asked, _ in shown})
    for page, asked, seen in shown:
        # Whoever said another head meanwhile may be further than what was read.
        is_latest = _watches_of(asked[1]).get(page) is seen
        if is_latest and seen.has_to_be_told(now[asked]):
            await page.tell(now[asked], seen.head)


def _watches_of(conversation_id: UUID) -> MutableMapping[Page, Watch]:
    return _watches.get(conversation_id, {})


class Looker:
    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._changed: set[UUID] = set()
        self._has_changed = asyncio.Event()

    def note(self, conversation_id: UUID) -> None:
        self._changed.add(conversation_id)
        self._has_changed.set()

    async def look_at_all(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await _try_to_look(list(_watches))

    async def look_at_changed(self) -> None:
        while True:
            await self._has_changed.wait()
            await asyncio.sleep(GATHER_S)
            self._has_changed.clear()
            changed, self._changed = self._changed, set()
            await _try_to_look(changed)


async def _try_to_look(conversation_ids: Collection[UUID]) -> None:
    try:
        await look(conversation_ids)
    except DatabaseError as error:
        logger.warning("looking what pages show failed: %s", error)
    except Exception:
        # Whatever it was, the next look may be fine.
        logger.exception("looking what pages show failed")


def _look_soon(conversation_id: UUID, least: int) -> None:
    if (looker := _looker) and len(_watches.get(conversation_id, ())) >= least:
        looker.loop.call_soon_threadsafe(looker.note, conversation_id)


@receiver(post_save, sender=Conversation)
def _saved(instance: Conversation, **_: Any) -> None:
    transaction.on_commit(partial(changed, instance.pk))
    news = {"row": str(instance.pk), "stamp": instance.row_stamp}
    transaction.on_commit(partial(sockets.tell_all_of, instance.owner_id, news))
