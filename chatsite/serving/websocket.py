"""Bounds on what a websocket may say."""

from typing import Any

from daphne.ws_protocol import WebSocketProtocol

# What a page says is some hundred bytes: an answer, a position, a number.
FRAME_BYTES = 16 * 1024


class BoundedSocket(WebSocketProtocol):  # type: ignore[misc]
    """The bound is on what comes in. autobahn holds what goes out to the same one, and a page
    that comes back to a long answer gets all of it in one message."""

    maxMessagePayloadSize: int  # noqa: N815 - autobahn's name

    def sendMessage(self, *args: Any, **kwargs: Any) -> None:  # noqa: N802 - autobahn's name
        incoming, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0
        try:
            super().sendMessage(*args, **kwargs)
        finally:
            self.maxMessagePayloadSize = incoming
