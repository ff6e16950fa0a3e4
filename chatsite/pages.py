"""Django's own application, set up, in a few threads that stay.

Django gives each request a thread of its own, and with it a new database connection, and goes
back and forth between thread and loop on the way through the middleware. Here a request takes one
hop into one of a few threads and is answered there whole. Their number is also the line in which
pages stand: a hundred threads that want to compute at once would leave the event loop, which
carries every stream, one turn in a hundred. Import it before anything that needs models.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import IO, Any
from weakref import WeakValueDictionary

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse, parse_cookie
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from chatsite.asgi_types import Scope
from chatsite.body_limit import BODY
from conversations import metrics

# Whoever computes holds the interpreter: with eight at it the loop's slowest update came 230 ms
# late at a hundred streams, with two 120 ms, and no page was answered sooner.
THREADS = 2
# A database that hangs says neither yes nor no.
READY_S = 2.0
SESSIONS_REMEMBERED = 10_000
# Those of the admin too: a new account, and another password for one; and that of a shared chat.
WITH_PASSWORD = (
    "/login/",
    "/setup/",
    "/signup/",
    "/unlock/",
    "/user/add/",
    "/password/",
    "/password_change/",
)


class Desks:
    """Pages that may wait long have threads of their own: whoever fetches a list of models from a
    service that does not answer holds up neither a chat nor the look whether the site is alive.
    That look in turn must not wait for the one whether it is ready, which needs the database: who
    does not seem alive gets killed; nor for that of figures, which may look who asks for them. A
    password takes half a second, which is its purpose: those who send one stand in a line of their
    own. So do those who stop an answer, for whom each moment costs, and who may have to wait for
    another process: their threads do little else."""

    def __init__(self) -> None:
        self._entry = Pages("entry", 1)
        self._alive, self._ready = Pages("alive", 1), Pages("ready", 1, limit_s=READY_S)
        self._figures = Pages("figures", 1, limit_s=READY_S)
        self._admin, self._waiting = Pages("admin", 4), Pages("waiting", 4)
        self._stops = Pages("stops", 8)
        self._pages = Pages("pages", THREADS)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        await self._for(scope["method"], scope["path"])(scope, receive, send)

    def _for(self, method: str, path: str) -> "Pages":
        if method == "POST" and path.endswith(WITH_PASSWORD):
            return self._entry
        looks = {"/healthz": self._alive, "/readyz": self._ready, "/metrics": self._figures}
        if path in looks:
            return looks[path]
        if path.startswith("/admin/"):
            return self._admin
        if path.startswith("/providers/") or _copies(method, path):
            return self._waiting
        # To delete a chat stops what is written in it.
        return self._stops if path.endswith(("/stop/", "/delete/")) else self._pages


class Owners:
    """Whose the sessions are that were seen last. A session has one user for as long as it lasts:
    to log in begins another."""

    def __init__(self) -> None:
        self._users: dict[str, int] = {}
        self._lock = Lock()

    def of(self, session: str) -> str:
        """One name for all sessions of a user."""
        user_id = self._users.get(session)
        return session if user_id is None else f"user {user_id}"

    def note(self, session: str, user_id: int | None) -> None:
        """From any thread; `user_id` is None for nobody."""
        if not session or user_id is None or session in self._users:
            return
        with self._lock:
            self._users[session] = user_id
            while len(self._users) > SESSIONS_REMEMBERED:
                del self._users[next(iter(self._users))]


class Pages(ASGIHandler):
    """A line of its own, with so many threads. `queue` is what its metrics are called. After
    `limit_s` seconds the answer is 503.

    No user has more than half of the threads: whose pages are slow, all at once, waits for them,
    and the others do not. Whose session it is, its first page tells, and until then it counts for
    itself: to ask the database would take one of the threads."""

    def __init__(
        self, queue: str = "pages", threads: int = THREADS, limit_s: float | None = None
    ) -> None:
        self.load_middleware(is_async=False)
        self._waiting, self._limit_s = metrics.QUEUE.labels(queue), limit_s
        self._share = max(1, threads // 2)
        self._shares: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._in_thread = sync_to_async(self._respond, thread_sensitive=False, executor=pool)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            body = scope.pop(BODY, None) or await self.read_body(receive)
        except RequestAborted:
            return
        with self._waiting.track_inprogress():
            response = await self._answer(scope, body)
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    async def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        # Whoever leaves meanwhile loses the answer, not what was asked for: a question that is
        # stored must also be started.
        answering = asyncio.shield(self._in_turn(scope, body))
        try:
            return await asyncio.wait_for(answering, self._limit_s)
        except TimeoutError:
            return HttpResponse("no answer in time", status=503, content_type="text/plain")

    async def _in_turn(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        session = _session_in(scope)
        if not session:
            return await self._in_thread(scope, body)
        who = _owners.of(session)
        async with self._shares.setdefault(who, asyncio.Semaphore(self._share)):
            return await self._in_thread(scope, body)

    async def _stream(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """A page that is written as it comes ends when its reader leaves. The server would wait
        some seconds before it cancels, and a check would go on asking a service meanwhile."""
        sending = asyncio.create_task(self.send_response(response, send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.wait({sending, leaving})

    def _respond(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response = self.get_response(request) if request else refusal or HttpResponseBadRequest()
        if user := getattr(request, "_cached_user", None):
            _owners.note(_session_in(scope), user.pk)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            # Files of the site, small enough to be read here at once.
            response.streaming_content = _pieces(list(response))
        response.close()
        body.close()
        return response


def _copies(method: str, path: str) -> bool:
    """Sharing takes a copy of a whole chat, and may hash a password: not among those who log in,
    whom nobody who is signed in should hold up. A file that is brought in is copied, too."""
    ways = ("/shared/", "/s/", "/data/import/")
    return method == "POST" and (path.endswith("/share/") or path.startswith(ways))


def _session_in(scope: Scope) -> str:
    """Whoever asks, as far as it can be told without the database."""
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")


async def _left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pieces(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


_owners = Owners()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup(set_prefix=False)
