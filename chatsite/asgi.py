"""The site as one ASGI application, whatever server runs it.

From the outside in: the address is the configured one, bodies are bounded, then pages or, for
this site's own pages and with their user, sockets. Importing `pages` sets Django up: the
models that `conversations` brings can only come after it.
"""

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from chatsite.body_limit import BodyLimit
from chatsite.origin import SameOrigin
from chatsite.pages import Desks
from chatsite.published import PublishedAddress
from chatsite.socket_user import SocketUser
from conversations.routing import websocket_urlpatterns

sockets = SameOrigin(
    SocketUser(URLRouter(websocket_urlpatterns)),
    hosts=settings.ALLOWED_HOSTS,
    origins=settings.CSRF_TRUSTED_ORIGINS,
)
routes = ProtocolTypeRouter({"http": Desks(), "websocket": sockets})
application = PublishedAddress(BodyLimit(routes, settings.BODY_LIMIT_BYTES), https=settings.HTTPS)
