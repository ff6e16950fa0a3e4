"""Where the site is published is the operator's to say, never a client's."""

from chatsite.asgi_types import Application, Receive, Scope, Send


class PublishedAddress:
    """Sets scheme and path prefix from the configuration.

    A server may have taken either from a header of the request: daphne, for one, lets any
    client put a prefix before every link on the page with `Daphne-Root-Path`.
    """

    def __init__(self, app: Application, *, https: bool) -> None:
        self.app = app
        self.schemes = {"http": "https", "websocket": "wss"} if https else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = {"http": "http", "websocket": "ws"}
        kind = scope["type"]
        if kind in plain:
            # A server that ends TLS itself says so in the scope, and may be believed.
            scheme = self.schemes.get(kind) or scope.get("scheme") or plain[kind]
            scope = {**scope, "root_path": "", "scheme": scheme}
        await self.app(scope, receive, send)
