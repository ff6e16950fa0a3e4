"""Bounds on a request while it is still arriving, before any of it is stored."""

from io import BytesIO
from time import monotonic
from typing import IO, Any, cast
from urllib.parse import unquote

from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet import reactor
from twisted.internet.interfaces import IAddress, IDelayedCall
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel

from chatsite.body_limit import file_for_body, large_limit, refusing_page
from chatsite.serving.flow import Flow

REFUSAL = b"This is too large to send."
ANSWER = (
    b"HTTP/1.1 413 Content Too Large\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Connection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s"
) % (len(REFUSAL), REFUSAL)
ANSWER_WITH_PAGE = (
    b"HTTP/1.1 303 See Other\r\nLocation: %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)
# Someone who drips a byte now and then keeps twisted's own idle time limit from ever ending.
ARRIVAL_LIMIT_S = 60.0
STEP = 1024 * 1024
# A reader who takes nothing for so long has left.
STALLED_S = 60.0
# A client that still writes would lose our answer if the connection went at once.
LINGER_S = 5.0


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """daphne takes a whole body into memory before the site runs: the site's limit on bodies
    has to hold here as well. A body over it is answered at once, read on and thrown away. Where
    the limit is a larger one, the body goes to the disk."""

    refused = False
    received = 0
    body_file: IO[bytes] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Forms are read by Django; twisted would read them as well, for nobody.
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)
        self.deadline = reactor.callLater(ARRIVAL_LIMIT_S, self._hang_up)
        self.flow = Flow()

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - twisted's names
        self.content = BytesIO()
        self.body_limit = self.server.body_limit
        if length is None or length <= self.body_limit:
            return
        self.body_limit = max(self.body_limit, self._limit_here())
        if length > self.body_limit:
            self._refuse()
        else:
            self.body_file = file_for_body()
            self.content = cast("BytesIO", self.body_file)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        before, self.received = self.received, self.received + len(data)
        if self.refused:
            return
        if self.received > self.body_limit:
            self._refuse()
            return
        if self.body_file and before // STEP != self.received // STEP:
            # A large one has as long for each of its steps as others have for all.
            self.deadline.reset(ARRIVAL_LIMIT_S)
        super().handleContentChunk(data)

    def requestReceived(self, *args: Any) -> None:  # noqa: N802
        self._forget_deadline()
        if self.refused:
            self.channel.transport.loseConnection()
            return
        # With it, any client could put a prefix before every link on a page.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        super().requestReceived(*args)

    def taken_body(self) -> IO[bytes] | None:
        """The file of a large body, from its beginning; daphne then finds an empty one."""
        if self.body_file:
            self.content = BytesIO()
            self.body_file.seek(0)
        return self.body_file

    def handle_reply(self, message: Any) -> None:
        if message["type"] == "http.response.start" and self.channel:
            self.registerProducer(self.flow, True)
        self.flow.moved_at = monotonic()
        super().handle_reply(message)

    def finish(self) -> None:
        if self.producer:
            self.unregisterProducer()
        super().finish()

    def check_timeouts(self) -> None:
        """What is being sent may take as long as it moves. What stands still is cut off, so that
        nobody takes a part for the whole."""
        if not self._response_started:
            super().check_timeouts()
        elif not self.finished and monotonic() - self.flow.moved_at > STALLED_S:
            self._hang_up()

    def handle_exception(self, exception: BaseException) -> None:
        if self._response_started:
            self._hang_up()
        else:
            super().handle_exception(exception)

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        self._forget_deadline()
        self.flow.stopProducing()
        super().connectionLost(reason)

    def _limit_here(self) -> int:
        content_type = self.requestHeaders.getRawHeaders(b"content-type", [b""])[0]
        return large_limit(self._asked(), content_type)

    def _asked(self) -> str:
        path = self.channel._path.split(b"?")[0].decode("ascii", "replace")
        return unquote(path)

    def _refuse(self) -> None:
        self.refused = True
        self.content, self.body_file = BytesIO(), None
        self.requestHeaders.removeHeader(b"expect")
        page = refusing_page(self._asked())
        self.channel.transport.write(ANSWER_WITH_PAGE % page if page else ANSWER)
        self._forget_deadline()
        self.deadline = reactor.callLater(LINGER_S, self._hang_up)

    def _hang_up(self) -> None:
        if self.channel:
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
