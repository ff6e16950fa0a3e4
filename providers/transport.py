"""HTTP to upstreams: one transport per event loop, unbounded in number, deaf to the environment.

httpx over aiohttp's connector: the same interface for less than half the CPU per chunk; and without
httpx's client, which follows redirects (the key would follow too), uses the environment's proxies
and keeps cookies: there would be nothing left of it to switch on. Guarded endpoints and those
behind a proxy have transports of their own, so that no connection is used by whom it was not
opened for, and the others pay nothing.
"""

import asyncio
import ssl
from functools import cache, partial
from urllib.parse import urljoin, urlsplit
from weakref import WeakKeyDictionary

import aiohttp
import certifi
import httpx
from django.utils.translation import gettext_noop as _
from httpx_aiohttp import AiohttpTransport

from providers.endpoint import Endpoint, Guard
from providers.errors import ErrorKind, UpstreamError
from providers.failure import broken, tellable
from providers.netguard import AddressRefused, GuardedRequests, GuardedResolver

KEEP_ALIVE_S = 60.0
# The detail of the error where a guard refused the address.
PRIVATE = _("users' own providers may not lead there")
# What sending a request and reading its response may raise.
FAILURES = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError)

_Way = tuple[Guard | None, str]
_transports: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Way, AiohttpTransport]]
_transports = WeakKeyDictionary()


def transport(guard: Guard | None = None, proxy: str = "") -> AiohttpTransport:
    """This event loop's transport to endpoints of this guard and proxy, made at first use.

    UpstreamError for both at once: only the proxy would know whom it asks.
    """
    ways = _transports.setdefault(asyncio.get_running_loop(), {})
    way = guard, proxy
    if (found := ways.get(way)) is None:
        if guard is not None and proxy:
            raise UpstreamError(ErrorKind.NOT_FOUND, _("a user's own provider has no proxy"))
        found = AiohttpTransport(verify=tls_context(), client=partial(_session, *way))
        ways[way] = found
    return found


async def close() -> None:
    """Close this event loop's connections."""
    for found in _transports.pop(asyncio.get_running_loop(), {}).values():
        await found.aclose()


def refusal(response: httpx.Response, endpoint: Endpoint) -> UpstreamError | None:
    """The error of a response that did not come from the service that was meant."""
    status = response.status_code
    if 300 <= status < 400:
        told = f"HTTP {status} → {_host_of(response) or '?'}"
        return UpstreamError(ErrorKind.NOT_FOUND, tellable(told, endpoint.key), status=status)
    if endpoint.proxy and status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        return _refused_by_proxy(status)
    return None


def transport_failure(error: Exception, key: str = "") -> UpstreamError:
    """The one place where a failure of the transport becomes an error of ours."""
    # The adapter calls every lost connection a timeout of connecting; the cause knows better.
    cause = error.__cause__ or error
    if isinstance(cause, AddressRefused):
        # Not unreachable: asking again would not help.
        return UpstreamError(ErrorKind.NOT_FOUND, PRIVATE)
    if isinstance(cause, aiohttp.ClientHttpProxyError):
        return _refused_by_proxy(cause.status)
    told = tellable(str(cause) or type(cause).__name__, key)
    if isinstance(cause, httpx.TimeoutException | TimeoutError):
        return UpstreamError(ErrorKind.TIMEOUT, told)
    if isinstance(cause, aiohttp.ClientConnectorError | httpx.ConnectError | httpx.InvalidURL):
        return UpstreamError(ErrorKind.UNREACHABLE, told)
    if isinstance(cause, aiohttp.InvalidURL | httpx.UnsupportedProtocol):
        return UpstreamError(ErrorKind.UNREACHABLE, told)
    return broken(told)


def _refused_by_proxy(status: int) -> UpstreamError:
    return UpstreamError(ErrorKind.UNREACHABLE, f"proxy: HTTP {status}")


def _host_of(response: httpx.Response) -> str:
    """Where a redirect leads: its path and query are for nobody's eyes."""
    location = response.headers.get("location", "")
    try:
        return urlsplit(urljoin(str(response.request.url), location)).hostname or ""
    except ValueError:
        return ""


def _session(guard: Guard | None, proxy: str) -> aiohttp.ClientSession:
    # The defaults would hold the 101st stream back and tell one user's cookies for the next.
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=KEEP_ALIVE_S,
            ssl=tls_context(),
            resolver=GuardedResolver(guard, aiohttp.ThreadedResolver()) if guard else None,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        proxy=proxy or None,
        middlewares=(GuardedRequests(guard),) if guard else (),
    )


@cache
def tls_context() -> ssl.SSLContext:
    """The machine's authorities, and a list of our own for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
