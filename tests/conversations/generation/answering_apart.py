"""A run that takes an answer in a process of its own, without a database; see `asking_apart`."""

import asyncio
import json
import sys

import django
from django.utils import timezone

django.setup()

from conversations.generation.order import Order  # noqa: E402 - models need the site
from conversations.generation.run import Run  # noqa: E402
from conversations.models import Generation, Message  # noqa: E402
from providers.attempts import Policy  # noqa: E402
from providers.client import stream_chat  # noqa: E402
from providers.endpoint import Endpoint  # noqa: E402
from providers.routes import Routes  # noqa: E402
from tests.providers.asking_apart import FUNCTIONS, REQUEST, ask  # noqa: E402


async def answer(endpoint: Endpoint) -> None:
    routes = Routes((endpoint,), Policy())
    run = Run(Order(1, Message(), Generation(), routes, REQUEST, timezone.now()))
    # As if somebody watched: then it is painted on the way.
    run.live.watch()
    async for event in stream_chat(endpoint, REQUEST):
        run.take(event)


if __name__ == "__main__":
    FUNCTIONS["answer"] = answer
    print(json.dumps(asyncio.run(ask(*sys.argv[1:]))))  # noqa: T201
