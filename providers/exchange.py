"""One request to a service and its response, within the limits of time and size."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from providers.answer_body import MOST_COMPLAINT_BYTES
from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError
from providers.failure import broken
from providers.lull import Lull
from providers.media import Blob
from providers.packing import body_of
from providers.signals import wrong_base
from providers.text import clean
from providers.transport import FAILURES, refusal, transport, transport_failure
from providers.watchdog import Overdue, Watchdog
from providers.weight import MOST_WHOLE_BYTES

MOST_BYTES = 64 * 1024 * 1024
# The limits of a first line and of fields are the connector's: 8 KB each, 128 fields.
MOST_PEEKED_BYTES = 64 * 1024
# By these the signs of a wrong base URL are known.
FIRST_BYTES = 16 * 1024
# Reading on to the end keeps the connection for the next turn, and must hardly be felt.
DRAIN_S = 0.2
# Some relays' front doors turn away the user agents of Python's HTTP libraries.
USER_AGENT = "chatsite"


class Exchange:
    """Use as `async with`; leaving it closes the connection unless the response was read out.

    An UpstreamError that leaves it takes along what the response says of the base URL, whichever
    function was asked. Not where `is_service` is False: another address was asked then.
    """

    def __init__(self, endpoint: Endpoint, *, is_service: bool = True) -> None:
        self._endpoint, self._is_service = endpoint, is_service
        self._watchdog = Watchdog(endpoint.limits.total)
        self._response: httpx.Response | None = None
        self._body: AsyncIterator[bytes] | None = None
        self._peeked: list[bytes] = []
        self._first = b""
        self._size = 0
        self._lull, self._quiet_since = Lull(), 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        self._watchdog.stop()
        if isinstance(error, UpstreamError) and self._response and self._is_service:
            location = self.headers.get("location", "")
            base_url = self._endpoint.base_url
            error.wrong_base = wrong_base(base_url, self.status, self._first, location=location)
        await self._leave()

    @property
    def status(self) -> int:
        return self._response.status_code if self._response else 0

    @property
    def headers(self) -> Mapping[str, str]:
        return self._response.headers if self._response else {}

    async def get(
        self, path: str, accept: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> None:
        await self._send("GET", path, {}, {"Accept": accept, **(headers or {})})

    async def post(self, path: str, body: Mapping[str, object], accept: str = "") -> None:
        accept = accept or ("text/event-stream" if body.get("stream") else "application/json")
        # In ASCII a half character passes; as UTF-8 it would be none.
        await self._send("POST", path, {"content": json.dumps(body).encode()}, {"Accept": accept})

    async def post_form(
        self,
        path: str,
        fields: Mapping[str, str | list[str]],
        files: Sequence[tuple[str, Blob]],
        accept: str = "application/json",
    ) -> None:
        """As multipart/form-data; `files` by the names of their fields, at least one."""
        parts = [(field, (clean(file.name), file.data, file.media_type)) for field, file in files]
        await self._send("POST", path, {"data": fields, "files": parts}, {"Accept": accept})

    async def read(self) -> bytes | None:
        """The next piece of the body, None after the last. Comments of a stream are pieces too."""
        if self._peeked:
            return self._peeked.pop(0)
        if self._body is None:
            return None
        try:
            with self._watchdog:
                data = await anext(self._body, None)
        except Overdue as limit:
            raise self._timeout(limit) from None
        except FAILURES as error:
            raise transport_failure(error, self._endpoint.key) from error
        self._allow_next(data or b"")
        if data and len(self._first) < FIRST_BYTES:
            self._first += data[:FIRST_BYTES]
        self._size += len(data or b"")
        if self._size > MOST_BYTES:
            raise broken(f"more than {MOST_BYTES} bytes", self.status)
        return data

    async def peek(self) -> bytes:
        """The body, or enough of it to know what it says; `read` gives it again."""
        seen: list[bytes] = []
        while sum(map(len, seen)) < MOST_PEEKED_BYTES and (data := await self.read()):
            seen.append(data)
        self._peeked = seen
        return b"".join(seen)

    async def rest(self, most: int = MOST_WHOLE_BYTES) -> bytes:
        """The whole body, of a refusal perhaps its beginning; UpstreamError beyond `most` bytes."""
        whole = bytearray()
        while (data := await self.read()) is not None:
            whole += data
            if self.status >= 400 and len(whole) > MOST_COMPLAINT_BYTES:
                break
            if len(whole) > most:
                raise broken(f"more than {most} bytes", self.status)
        return bytes(whole)

    async def drain(self) -> None:
        """Read out what may follow the end of an answer, for a moment."""
        try:
            async with asyncio.timeout(DRAIN_S):
                while await self.read() is not None:
                    pass
        except (TimeoutError, UpstreamError):
            return

    async def _send(
        self, method: str, path: str, body: Mapping[str, Any], headers: Mapping[str, str]
    ) -> None:
        await self._leave()
        limits = self._endpoint.limits
        self._watchdog.allow(limits.connect + limits.first_byte, "first_byte")
        try:
            request = _request(self._endpoint, method, path, body, headers)
            with self._watchdog:
                self._response = await _transport(self._endpoint).handle_async_request(request)
        except Overdue as limit:
            raise self._timeout(limit) from None
        except FAILURES as error:
            raise transport_failure(error, self._endpoint.key) from error
        if refused := refusal(self._response, self._endpoint):
            raise refused
        self._body = body_of(self._response)

    def _allow_next(self, data: bytes) -> None:
        """Any byte keeps the connection, but signs of life alone do not keep it for ever."""
        limits = self._endpoint.limits
        if not self._lull.lasts(data):
            self._quiet_since = 0.0
        elif not self._quiet_since:
            self._quiet_since = time.monotonic()
        else:
            left = self._quiet_since + limits.comments - time.monotonic()
            if left < limits.idle:
                return self._watchdog.allow(left, "comments")
        return self._watchdog.allow(limits.idle, "idle")

    async def _leave(self) -> None:
        response, self._response, self._body, self._peeked = self._response, None, None, []
        self._first = b""
        if response:
            await response.aclose()

    def _timeout(self, limit: Overdue) -> UpstreamError:
        return UpstreamError(ErrorKind.TIMEOUT, f"limit: {limit}", status=self.status or None)


def _request(
    endpoint: Endpoint,
    method: str,
    path: str,
    body: Mapping[str, Any],
    own_headers: Mapping[str, str],
) -> httpx.Request:
    """`body` as httpx takes it: nothing, `content` that is JSON, or the `data` and `files` of a
    form, which has a content type of its own."""
    headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT, **own_headers}
    # A service that wants the key in a header of its own may refuse it in this one.
    if endpoint.key and endpoint.key not in own_headers.values():
        headers["Authorization"] = f"Bearer {endpoint.key}"
    if "content" in body:
        headers["Content-Type"] = "application/json"
    connect = endpoint.limits.connect
    return httpx.Request(
        method,
        endpoint.url(path),
        headers=headers,
        # To aiohttp the second means: name, TCP, proxy and TLS together.
        extensions={"timeout": httpx.Timeout(None, connect=connect, pool=connect).as_dict()},
        **body,
    )


def _transport(endpoint: Endpoint) -> httpx.AsyncBaseTransport:
    return transport(endpoint.guard, endpoint.proxy)
