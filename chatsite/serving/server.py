"""daphne, with bounded requests and an orderly end."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import defer, reactor
from twisted.internet.tcp import Port
from twisted.python.failure import Failure

from chatsite.asgi_types import Application
from chatsite.body_limit import BODY
from chatsite.serving.request import BoundedFactory, BoundedRequest
from chatsite.serving.websocket import FRAME_BYTES, BoundedSocket

logger = logging.getLogger(__name__)

Hook = Callable[[], Awaitable[None]]

COME_BACK = 4000
PAGES_S = 5.0
STOP_S = 20.0
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class SiteServer(Server):  # type: ignore[misc]
    """`on_ready` is awaited on the server's loop once connections are accepted; `on_drain` at the
    first signal, while all goes on, and no longer than until the second; then `on_stop`, after
    the last connection was accepted and before the open ones are closed."""

    def __init__(
        self,
        application: Application,
        host: str,
        port: int,
        *,
        body_limit: int,
        on_ready: Hook,
        on_drain: Hook,
        on_stop: Hook,
    ) -> None:
        super().__init__(
            application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            http_timeout=60,
            websocket_max_message_size=FRAME_BYTES,
            websocket_max_frame_size=FRAME_BYTES,
            server_name="chatsite",
            verbosity=0,
        )
        self.body_limit = body_limit
        self.on_ready = on_ready
        self.on_drain = on_drain
        self.on_stop = on_stop
        self.ports: list[Port] = []
        self.listen_failure = ""

    def run(self) -> None:
        """Serves until a signal; returns at once where the address cannot be had, and then
        `listen_failure` says why."""
        reactor.callWhenRunning(lambda: asyncio.ensure_future(self.on_ready()))
        super().run()

    def create_application(self, protocol: Any, scope: Any) -> Any:
        if isinstance(protocol, BoundedRequest) and (body := protocol.taken_body()):
            scope[BODY] = body
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        await super().handle_reply(protocol, message)
        if isinstance(protocol, BoundedRequest) and message.get("more_body"):
            await protocol.flow.room()

    def listen_success(self, port: Port) -> None:
        super().listen_success(port)
        port.factory = BoundedFactory(self)
        port.factory.doStart()
        # Whoever sends too large a frame is told so, with its code.
        self.ws_factory.setProtocolOptions(failByDrop=False)
        self.ws_factory.protocol = BoundedSocket
        self.ports.append(port)

    def listen_error(self, failure: Failure) -> None:
        self.listen_failure = failure.getErrorMessage()
        self.stop()

    def kill_all_applications(self) -> defer.Deferred[None]:
        """daphne's own cuts every request and socket off without a word."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self) -> None:
        await self._drain()
        for port in self.ports:
            port.stopListening()
        try:
            await asyncio.wait_for(self.on_stop(), STOP_S)
        except TimeoutError:
            logger.warning("the site took too long to stop")
        await self._wait_for_pages()
        for protocol in list(self.connections):
            if isinstance(protocol, WebSocketProtocol):
                protocol.serverClose(COME_BACK)
        await _cancelled(self._running())

    async def _drain(self) -> None:
        draining = asyncio.ensure_future(self.on_drain())
        for sign in SIGNALS:
            signal.signal(sign, lambda *_: reactor.callFromThread(draining.cancel))
        await asyncio.wait([draining])
        # Whoever signals once more than that will not wait for anything.
        for sign in SIGNALS:
            signal.signal(sign, signal.SIG_DFL)

    async def _wait_for_pages(self) -> None:
        pages = self._running(sockets=False)
        if pages:
            await asyncio.wait(pages, timeout=PAGES_S)

    def _running(self, *, sockets: bool = True) -> list["asyncio.Future[None]"]:
        applications = (
            details.get("application_instance")
            for protocol, details in self.connections.items()
            if sockets or not isinstance(protocol, WebSocketProtocol)
        )
        return [app for app in applications if app is not None and not app.done()]


async def _cancelled(tasks: list["asyncio.Future[None]"]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=PAGES_S)
