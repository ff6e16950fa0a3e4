"""A websocket, or what stands in for one, opens only for a page of this very site."""

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from django.http.request import split_domain_port, validate_host

from chatsite.asgi_types import Application, Receive, Scope, Send

WEB_SCHEMES = {"ws": "http", "wss": "https"}
REFUSAL = {"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]}
DEFAULT_PORTS = {"http": 80, "https": 443}


class SameOrigin:
    """Compares scheme, host and port of Origin with those of the request itself, since a browser
    sends this site's cookies along with a socket that any page opens. A list of hosts would not
    do: it lets other ports in, and with `*` everyone. None, `null` and two are refused too."""

    def __init__(self, app: Application, hosts: Sequence[str], origins: Collection[str]) -> None:
        """`hosts` as in ALLOWED_HOSTS; `origins` are further exact ones, for a proxy that
        changes the Host header."""
        self.app = app
        self.hosts = hosts
        self.origins = {_parsed(origin) for origin in origins} - {None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._allows(scope):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "http":
            await send(REFUSAL)
            await send({"type": "http.response.body", "body": b""})
            return
        await receive()
        # Closing what was never accepted is ASGI's way to answer 403.
        await send({"type": "websocket.close"})

    def _allows(self, scope: Scope) -> bool:
        origin = _parsed(_only(scope, b"origin"))
        host = _only(scope, b"host")
        if origin is None or not validate_host(split_domain_port(host)[0], self.hosts):
            return False
        scheme = scope.get("scheme", "ws")
        scheme = WEB_SCHEMES.get(scheme, scheme)
        return origin == _parsed(f"{scheme}://{host}") or origin in self.origins


def _only(scope: Scope, name: bytes) -> str:
    """The header's value if it was sent exactly once, else nothing."""
    values = [value for key, value in scope["headers"] if key.lower() == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


def _parsed(origin: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for `null` and for anything that is more than an origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    if parts.path or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme]
