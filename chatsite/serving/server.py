"""daphne, with bounded requests and an orderly end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import defer, reactor
from twisted.internet.tcp import Port
from twisted.python.failure import Failure

from chatsite.asgi_types import Application
from chatsite.serving.request import BoundedFactory

logger = logging.getLogger(__name__)

Hook = Callable[[], Awaitable[None]]

COME_BACK = 4000
DRAIN_S = 5.0
STOP_S = 20.0


class SiteServer(Server):  # type: ignore[misc]
    """`on_ready` is awaited on the server's loop once connections are accepted, `on_stop` after
    the last was accepted and before the open ones are closed."""

    def __init__(
        self,
        application: Application,
        host: str,
        port: int,
        *,
        body_limit: int,
        on_ready: Hook,
        on_stop: Hook,
    ) -> None:
        super().__init__(
            application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            http_timeout=60,
            server_name="chatsite",
            verbosity=0,
        )
        self.body_limit = body_limit
        self.on_ready = on_ready
        self.on_stop = on_stop
        self.ports: list[Port] = []
        self.listen_failure = ""

    def run(self) -> None:
        """Serves until a signal; returns at once where the address cannot be had, and then
        `listen_failure` says why."""
        reactor.callWhenRunning(lambda: asyncio.ensure_future(self.on_ready()))
        super().run()

    def listen_success(self, port: Port) -> None:
        super().listen_success(port)
        port.factory = BoundedFactory(self)
        port.factory.doStart()
        self.ports.append(port)

    def listen_error(self, failure: Failure) -> None:
        self.listen_failure = failure.getErrorMessage()
        self.stop()

    def kill_all_applications(self) -> defer.Deferred[None]:
        """daphne's own cuts every request and socket off without a word."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self) -> None:
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

    async def _wait_for_pages(self) -> None:
        pages = self._running(sockets=False)
        if pages:
            await asyncio.wait(pages, timeout=DRAIN_S)

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
        await asyncio.wait(tasks, timeout=DRAIN_S)
