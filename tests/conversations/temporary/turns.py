"""Turns of temporary chats, as their page asks for them, without a browser."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async

from chatsite.models import User
from conversations.generation.run import Run
from conversations.temporary.asking import Asked, claim
from conversations.temporary.streaming import lines
from providers.models import Model
from tests.chats import a_model


@dataclass(frozen=True)
class Begun:
    """A run that nobody has started yet, and whose it is."""

    user: User
    run: Run

    def lines(self) -> Any:
        return lines("begun", self.run, self.user, None, "en")


def begun(base_url: str) -> Begun:
    user = User.objects.create_user("olivia")
    return Begun(user, claim(user.pk, an_asked(a_model(base_url))))


async def begun_at(base_url: str) -> Begun:
    return await sync_to_async(begun)(base_url)


def an_asked(model: Model, text: str = "Why is the sky blue?", **fields: object) -> Asked:
    return Asked(**{"text": text, "model": model, "send_id": uuid4(), **fields})  # type: ignore[arg-type]


async def told_by(each: AsyncIterator[str]) -> list[dict[str, Any]]:
    return [json.loads(line) async for line in each if line.strip()]


def source_of(frames: list[dict[str, Any]]) -> str:
    """What the page would send with the next question."""
    text = ""
    for frame in frames:
        if "source" in frame:
            text = frame["source"] if frame["whole"] else text + frame["source"]
    return text


@asynccontextmanager
async def read_along(each: Any) -> AsyncIterator[Any]:
    """Left early, as by a reader who closes the page."""
    try:
        yield each
    finally:
        await each.aclose()
