"""Bounds on a request while it is still arriving, before any of it is stored."""

from io import BytesIO
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet import reactor
from twisted.internet.interfaces import IAddress, IDelayedCall
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel

REFUSAL = b"This is too large to send."
ANSWER = (
    b"HTTP/1.1 413 Content Too Large\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Connection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s"
) % (len(REFUSAL), REFUSAL)
# Someone who drips a byte now and then keeps twisted's own idle time limit from ever ending.
ARRIVAL_LIMIT_S = 60.0
# A client that still writes would lose our answer if the connection went at once.
LINGER_S = 5.0


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """daphne takes a whole body into memory before the site runs: the site's limit on bodies
    has to hold here as well. A body over it is answered with 413, read on and thrown away."""

    refused = False
    received = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Forms are read by Django; twisted would read them as well, for nobody.
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)
        self.deadline = reactor.callLater(ARRIVAL_LIMIT_S, self._hang_up)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - twisted's names
        self.content = BytesIO()
        if length is not None and length > self.server.body_limit:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        self.received += len(data)
        if self.refused:
            return
        if self.received > self.server.body_limit:
            self._refuse()
            return
        super().handleContentChunk(data)

    def requestReceived(self, *args: Any) -> None:  # noqa: N802
        self._forget_deadline()
        if self.refused:
            self.channel.transport.loseConnection()
            return
        # With it, any client could put a prefix before every link on a page.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        super().requestReceived(*args)

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        self._forget_deadline()
        super().connectionLost(reason)

    def _refuse(self) -> None:
        self.refused = True
        self.content = BytesIO()
        self.requestHeaders.removeHeader(b"expect")
        self.channel.transport.write(ANSWER)
        self._forget_deadline()
        self.deadline = reactor.callLater(LINGER_S, self._hang_up)

    def _hang_up(self) -> None:
        self.channel.transport.abortConnection()

    def _forget_deadline(self) -> None:
        if self.deadline.active():
            self.deadline.cancel()


class BoundedChannel(HTTPChannel):  # type: ignore[misc]
    """A request begins with its first line. What comes before that has no request yet, and no more
    time than one."""

    deadline: IDelayedCall | None = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.deadline is None and not self.requests:
            self.deadline = self.callLater(ARRIVAL_LIMIT_S, self._hang_up)
        super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        super().lineReceived(line)
        if self.requests:
            self._forget_deadline()

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        self._forget_deadline()
        super().connectionLost(reason)

    def _forget_deadline(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def _hang_up(self) -> None:
        self.deadline = None
        self.transport.abortConnection()


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    """Makes bounded requests; daphne's own factory has its request class built in."""

    # Without the choice of HTTP/2, which is one for TLS.
    protocol = BoundedChannel

    def buildProtocol(self, addr: IAddress) -> HTTPChannel:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol
