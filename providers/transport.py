"""HTTP to upstreams: one client per event loop, unbounded in number, deaf to the environment.

httpx over aiohttp's connector: the same interface for less than half the CPU per chunk. Redirects
are not followed, because the key would follow too; proxies of the environment are not used, and
cookies are not kept.
"""

import asyncio
import ssl
from functools import cache
from weakref import WeakKeyDictionary

import aiohttp
import certifi
import httpx
from httpx_aiohttp import AiohttpTransport

from providers.errors import ErrorKind, UpstreamError
from providers.failure import broken, tellable

KEEP_ALIVE_S = 60.0
# What sending a request and reading its response may raise.
FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError)

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()


def client() -> httpx.AsyncClient:
    """This event loop's client, made at first use."""
    loop = asyncio.get_running_loop()
    if (found := _clients.get(loop)) is None:
        transport = AiohttpTransport(verify=_tls(), client=_session)
        found = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
        _clients[loop] = found
    return found


async def close() -> None:
    """Close this event loop's connections."""
    if found := _clients.pop(asyncio.get_running_loop(), None):
        await found.aclose()


def transport_failure(error: Exception, key: str = "") -> UpstreamError:
    """The one place where a failure of the transport becomes an error of ours."""
    # The adapter calls every lost connection a timeout of connecting; the cause knows better.
    cause = error.__cause__ or error
    told = tellable(str(cause) or type(cause).__name__, key)
    if isinstance(cause, httpx.TimeoutException | TimeoutError):
        return UpstreamError(ErrorKind.TIMEOUT, told)
    if isinstance(cause, aiohttp.ClientConnectorError | httpx.ConnectError | httpx.InvalidURL):
        return UpstreamError(ErrorKind.UNREACHABLE, told)
    if isinstance(cause, aiohttp.InvalidURL | httpx.UnsupportedProtocol):
        return UpstreamError(ErrorKind.UNREACHABLE, told)
    return broken(told)


def _session() -> aiohttp.ClientSession:
    # The defaults would hold the 101st stream back and tell one user's cookies for the next.
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S, ssl=_tls())
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


@cache
def _tls() -> ssl.SSLContext:
    """The machine's authorities, and a list of our own for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
