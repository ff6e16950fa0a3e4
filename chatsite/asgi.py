"""The site as one ASGI application, whatever server runs it.

From the outside in: the address is the configured one, bodies are bounded, then pages or, for
this site's own pages and with their user, sockets and what stands in for them. Importing
`pages` sets Django up: the models that `conversations` brings can only come after it.
"""

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from chatsite.asgi_types import Application, Receive, Scope, Send
from chatsite.body_limit import BodyLimit
from chatsite.door import Door
from chatsite.origin import SameOrigin
from chatsite.pages import Desks
from chatsite.published import PublishedAddress
from chatsite.socket_user import SocketUser
from conversations.polling import updates
from conversations.routing import websocket_urlpatterns

POLLS, SOCKETS = "/updates/", "/ws/chat/"


def guarded(app: Application, path: str) -> Application:
    """Only for this site's own pages, with their user in the scope."""
    hosts, origins = settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS
    return Door(SameOrigin(SocketUser(app), hosts=hosts, origins=origins), path)


pages, polls = Desks(), guarded(updates, POLLS)


async def http(scope: Scope, receive: Receive, send: Send) -> None:
    await (polls if scope["path"] == POLLS else pages)(scope, receive, send)


sockets = guarded(URLRouter(websocket_urlpatterns), SOCKETS)
routes = ProtocolTypeRouter({"http": http, "websocket": sockets})
application = PublishedAddress(BodyLimit(routes, settings.BODY_LIMIT_BYTES), https=settings.HTTPS)
