"""What a page that shows an answer is sent, over its websocket and over HTTP alike."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.handlers.asgi import ASGIRequest
from django.utils import translation

from conversations import appetite
from conversations.access import followable
from conversations.frames import foot, gone_frame, update_frame
from conversations.generation import hub, store
from conversations.generation.follow import follow
from conversations.generation.live import Mark
from conversations.models import Message

# Becomes text once it has its number.
Frame = Callable[[int], str]

_forwarding: set[object] = set()
LOOK_S = 0.02


async def frames(
    user: Any,
    answer_id: UUID,
    mark: Mark | None,
    language: str,
    shown: Collection[UUID] | None = None,
) -> AsyncGenerator[Frame, None]:
    """Everything after `mark`, as it comes, to the answer's end; who may not see it is told only
    that there is nothing. `shown` is what `those_shown` said, where that was asked before."""
    mine, is_new = object(), True
    _forwarding.add(mine)
    try:
        if answer_id not in (await those_shown(user, [answer_id]) if shown is None else shown):
            yield partial(gone_frame, answer_id=answer_id, language=language)
            return
        async with aclosing(follow(answer_id, mark)) as updates:
            async for update in updates:
                if update.ended and update.stored is None:
                    yield partial(gone_frame, answer_id=answer_id, language=language)
                    return
                if is_new:
                    appetite.was_sent(user.pk, update.size)
                    is_new = update.more
                end = await _foot(user, update.stored, language)
                yield partial(
                    update_frame, answer_id=answer_id, update=update, language=language, foot=end
                )
    finally:
        _forwarding.discard(mine)


async def those_shown(user: Any, answer_ids: Collection[UUID]) -> set[UUID]:
    """Those of these answers that this user may see, in one query at the most."""
    # A run knows who asked; only for what is not written here must the database be asked.
    runs = {answer_id: hub.find(answer_id) for answer_id in answer_ids}
    mine = {answer_id for answer_id, run in runs.items() if run and run.order.owner_id == user.pk}
    others = runs.keys() - mine
    return mine | await store.reading(followable, user, others) if others else mine


async def all_sent(seconds: float) -> None:
    """Until every page has the end of what it follows, or the time is up: a page that does not
    acknowledge is not waited for longer."""
    until = asyncio.get_running_loop().time() + seconds
    while _forwarding and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - seldom
        await asyncio.sleep(LOOK_S)


def language_of(scope: dict[str, Any]) -> str:
    """The language of the page that asks, found as it is for the page itself."""
    request = ASGIRequest({**scope, "method": "GET"}, BytesIO())
    return translation.get_language_from_request(request)


async def _foot(user: Any, answer: Message | None, language: str) -> str:
    """Empty while the answer is being written."""
    return await store.reading(foot, answer, user, language) if answer else ""
