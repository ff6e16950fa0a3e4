"""Bounds on what a websocket may say, and on what may lie here for one that does not read."""

import logging
from contextlib import suppress
from typing import Any

from autobahn.exception import Disconnected
from daphne.ws_protocol import WebSocketProtocol

logger = logging.getLogger(__name__)

# What a page says is some hundred bytes: an answer, a position, a number.
FRAME_BYTES = 16 * 1024
NORMAL = 1000
# Twice what is under way to a page that acknowledges what it got.
MOST_LYING = 5 * 1024 * 1024


class BoundedSocket(WebSocketProtocol):  # type: ignore[misc]
    """autobahn holds what goes out to the same bound as what comes in, and a page that comes back
    to a long answer gets much at once. What lies in the transport is looked at there: a reader
    may say of anything that it has arrived."""

    maxMessagePayloadSize: int  # noqa: N815 - autobahn's name

    def sendMessage(self, *args: Any, **kwargs: Any) -> None:  # noqa: N802
        if self._lying() > MOST_LYING:
            logger.warning("a socket was dropped whose reader does not read")
            self.dropConnection(abort=True)
            return
        incoming, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
        try:
            # Its reader may have closed it this moment, of which the site hears next.
            with suppress(Disconnected):
                super().sendMessage(*args, **kwargs)
        finally:
            self.maxMessagePayloadSize = incoming

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - daphne's name
        """autobahn's own way refuses the codes by which a server says that it is not well."""
        self.sendCloseFrame(code=code or NORMAL, isReply=False)

    def _lying(self) -> int:
        """Bytes that were written and that the system has not taken yet."""
        transport = self.transport
        first = len(transport.dataBuffer) - transport.offset
        # twisted tells by a producer that there is too much, and by nothing public how much.
        return int(first + transport._tempDataLen)
